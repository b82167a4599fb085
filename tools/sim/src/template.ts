import type { Outcome } from './client/surroundings.ts'
import { ServerProcess } from './server/serverProcess.ts'
import type { SimStore } from './store/simStore.ts'
import { Chance } from './world/chance.ts'
import { calmest } from './world/climate.ts'
import { Schedule } from './world/schedule.ts'

/** The channels of the store with which every run begins. */
export interface Template {
  readonly square: string
  readonly den: string
  readonly market: string
}

export const PEOPLE = ['alice', 'bob', 'carol'] as const
/** Is in no channel and must see nothing. */
export const OUTSIDER = 'mallory'

/** Three people and their channels: `square` for all, `den` whose newcomers see no past, `market` that anyone may join. */
export async function makeTemplate(store: SimStore): Promise<Template> {
  const schedule = new Schedule()
  const server = await startAlone(store, schedule)
  const call = async <Answer>(userId: string | null, op: string, input: object) => {
    let outcome: Outcome | null = null
    void server.call(userId, op, input).then((ended) => {
      outcome = ended
    })
    while (!outcome) {
      schedule.step()
      await store.rest()
    }
    return answerOf<Answer>(outcome, op)
  }
  await call(null, 'user.upsert', { users: [...PEOPLE, OUTSIDER].map((id) => ({ id, name: id })) })
  const create = async (userId: string | null, wish: object) =>
    (await call<{ channel: { id: string } }>(userId, 'channel.create', wish)).channel.id
  const square = await create('alice', {
    clientId: wishId(1),
    name: 'square',
    members: [{ userId: 'bob', role: 'moderator' }, { userId: 'carol' }],
  })
  const den = await create('alice', {
    clientId: wishId(2),
    name: 'den',
    history: 'sinceJoin',
    members: [{ userId: 'bob' }],
  })
  const market = await create(null, {
    clientId: wishId(3),
    type: 'public',
    name: 'market',
    members: [{ userId: 'alice', role: 'owner' }],
  })
  server.kill()
  await store.rest()
  return { square, den, market }
}

/** The template is older than every run. */
const AN_HOUR = 3_600_000

const wishId = (number: number) => `019a9f2e-8c4b-7000-9000-00000000000${number}`

async function startAlone(store: SimStore, schedule: Schedule): Promise<ServerProcess> {
  let ready = false
  const server = ServerProcess.start(
    {
      store,
      schedule,
      chance: new Chance(1),
      climate: () => calmest,
      limits: {},
      seams: {},
      wallOffset: () => -AN_HOUR,
      committed: () => {},
      written: () => {},
      trouble: (message, error) => {
        throw new Error(message, { cause: error })
      },
      died: () => {},
    },
    () => {
      ready = true
    },
  )
  for (await store.rest(); !ready; await store.rest()) schedule.step()
  return server
}

function answerOf<Answer>(outcome: Outcome, op: string): Answer {
  if (outcome.kind === 'answer') return outcome.data as Answer
  throw new Error(`The template could not be made: ${op} ended with ${JSON.stringify(outcome)}.`)
}
