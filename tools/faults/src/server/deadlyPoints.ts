import { AsyncLocalStorage } from 'node:async_hooks'
import { Failpoints, type Overrides } from '@tertulia/server'
import { type Arming, killPoints } from './arming.ts'

type Engine = Parameters<NonNullable<Overrides['wrapEngine']>>[0]
type Changes = Parameters<Parameters<Engine['write']>[0]>[0]

const die = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

interface Write {
  storesMessage: boolean
}

/** How long a server that is about to die may go on writing what it has answered. */
const LAST_MS = 10

/**
 * Moments of a write at which the server dies. Its answers reach the network one turn of the loop after the write
 * queue gave them, so the later two points die a turn later: `after-answer` when the answers are out and nobody was
 * told anything else, `after-announce` when everything is out. Only transactions that store a message count.
 */
export function deadlyPoints(wrapMore: (engine: Engine) => Engine) {
  const failpoints = new Failpoints()
  let armed: Arming | null = null
  let isMute = false
  // Transactions run side by side: the point before the commit is passed inside of one, the others right after it.
  const inside = new AsyncLocalStorage<Write>()
  let last: Write = { storesMessage: false }
  let hits = 0
  for (const point of killPoints)
    failpoints.on(point, () => {
      const { storesMessage } = inside.getStore() ?? last
      if (!storesMessage || armed?.point !== point || ++hits !== armed.hit) return
      if (point === 'after-announce') setImmediate(die)
      else if (point === 'after-answer') {
        isMute = true
        setTimeout(die, LAST_MS)
      } else die()
    })
  const watch = (engine: Engine): Engine => ({
    ...engine,
    async write(job) {
      const write: Write = { storesMessage: false }
      const answer = await inside.run(write, () =>
        engine.write((changes) => job(watching(changes, () => (write.storesMessage = true)))),
      )
      last = write
      return answer
    },
  })
  const overrides: Overrides = {
    failpoints,
    wrapEngine: (engine) => wrapMore(watch(engine)),
    wrapBus: (bus) => ({
      ...bus,
      publish: (announcement) => {
        if (!isMute) bus.publish(announcement)
      },
    }),
  }
  const arm = (arming: Arming): void => {
    armed = arming
    hits = 0
  }
  return { overrides, arm }
}

/** The same changes, telling when one of them stores a message. */
function watching(changes: Changes, stored: () => void): Changes {
  const put: Changes['put'] = (query, values) => {
    if (query.sql.startsWith('insert into "messages"')) stored()
    changes.put(query, values)
  }
  return new Proxy(changes, {
    get(target, key) {
      if (key === 'put') return put
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
