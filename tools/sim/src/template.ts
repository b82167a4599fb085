import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateSqlite, migrations } from '@tertulia/server/parts'
import type { Outcome } from './client/surroundings.ts'
import { ServerProcess } from './server/serverProcess.ts'
import { Chance } from './world/chance.ts'
import { calmest } from './world/climate.ts'
import { rest } from './world/rest.ts'
import { Schedule } from './world/schedule.ts'

/** The store with which every run begins: made once, copied for each seed. */
export interface Template {
  readonly file: string
  readonly mark: string
  readonly square: string
  readonly den: string
  readonly market: string
}

export const PEOPLE = ['alice', 'bob', 'carol'] as const
/** Is in no channel and must see nothing. */
export const OUTSIDER = 'mallory'

/** Three people and their channels: `square` for all, `den` whose newcomers see no past, `market` that anyone may join. */
export async function makeTemplate(folder: string): Promise<Template> {
  const draft = join(folder, 'draft.db')
  migrateSqlite(draft, migrations, 0)
  const schedule = new Schedule()
  const server = await startAlone(draft, schedule)
  const call = async <Answer>(userId: string | null, op: string, input: object) => {
    const calling = server.call(userId, op, input)
    for (let step = 0; step < 20; step++) {
      schedule.step()
      await rest()
    }
    return answerOf<Answer>(await calling, op)
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
  const { mark } = server
  server.kill()
  await rest()
  const file = join(folder, 'template.db')
  copyFileSync(draft, file)
  return { file, mark, square, den, market }
}

/** The template is older than every run. */
const AN_HOUR = 3_600_000

const wishId = (number: number) => `019a9f2e-8c4b-7000-9000-00000000000${number}`

async function startAlone(file: string, schedule: Schedule): Promise<ServerProcess> {
  let ready = false
  const server = ServerProcess.start(
    {
      file,
      schedule,
      chance: new Chance(1),
      climate: () => calmest,
      limits: {},
      seams: {},
      wallOffset: () => -AN_HOUR,
      markBeside: null,
      newMark: 'the mark of the template',
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
  while (!ready) await rest()
  return server
}

function answerOf<Answer>(outcome: Outcome, op: string): Answer {
  if (outcome.kind === 'answer') return outcome.data as Answer
  throw new Error(`The template could not be made: ${op} ended with ${JSON.stringify(outcome)}.`)
}
