import { tmpdir } from 'node:os'
import type { ChannelCursor, ChannelSync, Cursor, Problem, UserSync } from '@tertulia/protocol'
import { expect } from 'vitest'
import { theTarget } from '../cast.ts'
import type { Output } from '../contract.ts'
import { fetchRest, type RestRequest } from '../doors/rest.ts'
import { Ears } from '../ears.ts'
import { obey } from '../until.ts'
import type { World } from './world.ts'

export const DEADLINE_MS = 5000

/** What stands in stacks, statements, error texts of engines and paths. */
const INSIDES = [
  '\n    at ',
  '\\n    at ',
  ' (file:',
  'node:internal',
  'node_modules',
  '.ts:',
  '.js:',
  '/src/',
  '/etc/',
  '/home/',
  'SELECT ',
  'INSERT ',
  'UPDATE ',
  'DELETE FROM',
  'SQLITE',
  'SqliteError',
  'syntax error',
  'constraint',
  'relation "',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'Unexpected token',
  process.cwd(),
  `${tmpdir()}/`,
]

/** What hostile input says of itself. No answer may say it after us (ERR-4). */
const ECHO = 'evil'

/** Ids of requests and connections are made at random, and one in a million holds that word by chance. */
const RANDOM_IDS = /\b(?:r_[\w-]{16}|c_[\w-]{12})(?![\w-])/g

/** Nothing of the insides, of other people or of the input itself stands in what was heard. */
export function expectDiscreet(world: World, ears: Ears): void {
  expect(
    [...ears.find([...INSIDES, ...world.markers]), ...ears.without(RANDOM_IDS).find([ECHO])],
    'The answer tells too much',
  ).toEqual([])
}

/** A connection from before the bad request is still there and answers: it is the same process. */
export async function expectSameProcess({ watching, ids }: World): Promise<void> {
  expect(watching.closed, 'The connection of somebody else was closed').toBeNull()
  expect(await watching.asks('user.get', { userId: ids.watcher })).toMatchObject({ ok: true })
}

/** Where somebody stood before the first bad request, in the own stream and in channels. */
export interface Stand {
  readonly bearer: string
  readonly user: Cursor
  readonly channels: readonly ChannelCursor[]
}

/** Where everybody stands now. Every change to a profile, a channel, a member or a message moves one of these. */
export async function standsOf(world: World): Promise<readonly Stand[]> {
  const { tokens, group, direct, foreign } = world
  const wishes = [
    [tokens.alice, [group, direct]],
    [tokens.bob, [group, direct]],
    [tokens.charlie, [foreign]],
  ] as const
  return Promise.all(
    wishes.map(async ([bearer, ids]) => {
      const told = await pull(world, { bearer, user: null, channels: ids.map((id) => ({ id })) })
      const { user, channels } = JSON.parse(told) as Output<'sync.pull'>
      const cursors = channels.map((one) => ({ id: one.id, ...cursorOf(one) }))
      return { bearer, user: cursorOf(user), channels: cursors }
    }),
  )
}

function cursorOf(sync: UserSync | ChannelSync | null): Cursor {
  if (sync?.status !== 'reset') throw new Error('A first sync is no reset.')
  return { epoch: sync.epoch, seq: sync.through }
}

/** What changed since then, and who exists at all, in words that are the same as long as nothing is written. */
export async function stateOf(world: World, stands: readonly Stand[]): Promise<string> {
  const parts = await Promise.all([
    ...stands.map((stand) => pull(world, stand)),
    read(world, world.apiKey, {
      method: 'GET',
      path: `/v1/users?limit=100&name=${world.letters}`,
    }),
  ])
  return parts.join('\n')
}

interface Pull {
  readonly bearer: string
  readonly user: Cursor | null
  readonly channels: readonly ChannelCursor[]
}

const pull = (world: World, { bearer, ...body }: Pull): Promise<string> =>
  read(world, bearer, {
    method: 'POST',
    path: '/v1/sync',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

async function read(
  { url }: Pick<World, 'url'>,
  bearer: string,
  request: RestRequest,
): Promise<string> {
  const { status, body } = await fetchRest({ url, bearer, ears: new Ears() }, request)
  if (status === 429) {
    await obey((body as Problem).retryAfterMs ?? 1000)
    return read({ url }, bearer, request)
  }
  expect(status, 'The state cannot be read').toBe(200)
  return JSON.stringify(body)
}

/** Pino's level of an error. */
const ERROR_LEVEL = 50

/** No bad request is a mistake of the server: it must not have logged one as such. */
export function expectNoErrorInTheLog(): void {
  const lines = (theTarget().log() ?? '').split('\n').filter((line) => line.startsWith('{'))
  const errors = lines.filter(
    (line) => (JSON.parse(line) as { level: number }).level >= ERROR_LEVEL,
  )
  expect(errors, 'The server logged errors of its own').toEqual([])
}
