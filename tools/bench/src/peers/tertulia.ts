import { performance } from 'node:perf_hooks'
import type { Limits } from '@tertulia/protocol'
import { answer } from '../processes/answers.ts'
import { channelId, uidOf, userId } from '../store/people.ts'
import { type ReactsWish, reactFor } from '../store/reacting.ts'
import { type SendsTold, type SendsWish, sendFor } from '../store/sending.ts'
import { openServer } from '../store/server.ts'

// Our server in a process of its own. Arguments: its data folder, and limits to change, as JSON.
const [folder = '', limits = '{}'] = process.argv.slice(2)
const server = await openServer(folder, JSON.parse(limits) as Partial<Limits>)
const { port } = await server.listen()

const call = (user: number, op: string, input: unknown): Promise<unknown> =>
  server.operations.call({
    actor: { kind: 'user', uid: uidOf(user), id: userId(user) },
    op,
    input,
    requestId: 'bench',
    bytes: JSON.stringify(input).length,
  })

export interface PagesWish {
  readonly limit: number
  /** Where each page ends: pages are read in this order, one after another. */
  readonly before: readonly number[]
}

export interface ListsWish {
  readonly limit: number
  /** How many of them, one after another. */
  readonly lists: number
}

answer({
  port: () => port,
  /** Without any door. ms of each list of channels, as user 0 sees it. */
  async lists({ limit, lists }: ListsWish): Promise<number[]> {
    const times: number[] = []
    for (let nth = 0; nth < lists; nth++) {
      const begun = performance.now()
      await call(0, 'channel.list', { limit })
      times.push(performance.now() - begun)
    }
    return times
  },
  /** Without any door. ms of each page of channel 0, as user 0 sees it. */
  async pages({ limit, before }: PagesWish): Promise<number[]> {
    const times: number[] = []
    for (const seq of before) {
      const begun = performance.now()
      await call(0, 'message.history', { channelId: channelId(0), before: seq, limit })
      times.push(performance.now() - begun)
    }
    return times
  },
  /** Without any door. */
  sends: (wish: SendsWish): Promise<SendsTold> =>
    sendFor(wish, (user, input) => call(user, 'message.send', input)),
  /** Without any door. */
  reacts: (wish: ReactsWish): Promise<SendsTold> => reactFor(wish, call),
})
