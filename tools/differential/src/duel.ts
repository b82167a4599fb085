import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '@tertulia/server/parts'
import { Chance } from '@tertulia/sim/chance'
import { nextWish } from './operations.ts'
import type { Outcome, Product } from './product.ts'
import { Town } from './town.ts'
import type { Wish } from './wish.ts'

export interface DuelOptions {
  readonly products: readonly [Product, Product]
  readonly time: { ms: number }
  readonly seed: number
  readonly operations: number
  readonly progress?: (done: number) => void
}

export interface DuelReport {
  readonly operations: number
  /** How many of them were done and not refused: a duel of refusals would prove nothing. */
  readonly done: number
  readonly kinds: ReadonlyMap<string, number>
}

/** Both products gave different answers. The message holds all that is needed to repeat it. */
class Difference extends Error {
  override readonly name = 'Difference'
}

const SERVER: Actor = { kind: 'server', keyId: 'differential', access: 'full' }
const SWEEP_EVERY = 50
const ROWS_EVERY = 1000

/** Feeds the same operations to both products, one after another, and compares all that can be seen. */
export async function duel(options: DuelOptions): Promise<DuelReport> {
  const { products, time, seed, operations, progress } = options
  const chance = new Chance(seed)
  const town = new Town()
  const kinds = new Map<string, number>()
  let done = 0
  for (let count = 1; count <= operations; count++) {
    const where = `seed ${seed}, operation ${count}`
    time.ms += chance.whole(0, 3) === 0 ? chance.whole(1, 5000) : 0
    town.now = time.ms
    const wish = nextWish(chance, town)
    const id = wish.as ?? chance.pick(town.users)
    const actor = wish.by === 'server' ? SERVER : await actorOf(products[0], town, id)
    const outcome = await perform(products, { wish, actor, where })
    if (outcome.ok) {
      done++
      kinds.set(wish.op, (kinds.get(wish.op) ?? 0) + 1)
      town.learn(outcome.data, actor.kind === 'user' ? actor.id : '')
      keepCursor(town, wish, outcome.data)
    }
    if (count % SWEEP_EVERY === 0) for (const product of products) await product.sweep()
    compare(
      `${where}: announcements`,
      products.map((product) => product.takeHeard()),
    )
    if (count % ROWS_EVERY === 0) {
      await compareRows(products, where)
      progress?.(count)
    }
  }
  await compareRows(products, `seed ${seed}, the end`)
  return { operations, done, kinds }
}

/** Somebody who exists: made on the first call, as the first token would do it. */
async function actorOf(product: Product, town: Town, id: string): Promise<Actor> {
  const known = town.uids.get(id)
  if (known) return { kind: 'user', uid: known, id }
  const [row] = (await product.rows(`SELECT uid FROM users WHERE id = '${id}'`)) as {
    uid: string
  }[]
  if (!row) return SERVER
  town.uids.set(id, row.uid)
  return { kind: 'user', uid: row.uid, id }
}

async function perform(
  [one, other]: readonly [Product, Product],
  { wish, actor, where }: { readonly wish: Wish; readonly actor: Actor; readonly where: string },
): Promise<Outcome> {
  const input = JSON.parse(JSON.stringify(wish.input)) as unknown
  const what = `${where}: ${wish.op} by ${actor.kind === 'user' ? actor.id : 'the server'} ${JSON.stringify(input)}`
  const outcomes = [await one.call(actor, wish.op, input), await other.call(actor, wish.op, input)]
  compare(what, outcomes)
  return outcomes[0] as Outcome
}

function keepCursor(town: Town, { op, input }: Wish, data: unknown): void {
  const { next } = data as { readonly next?: unknown }
  if (typeof next === 'string') town.cursors.push({ op, input, cursor: next })
}

const TABLES = {
  streams: 'id',
  outbox: 'stream_id, seq',
  idempotency: 'scope, actor, client_id',
  users: 'uid',
  channels: 'id',
  members: 'channel_id, uid',
  memberships: 'uid, channel_id',
  messages: 'channel_id, seq',
  scheduled: 'uid, channel_id, client_id',
  mentions: 'uid, channel_id, message_seq',
  blocks: 'uid, blocked_uid',
  audit: 'seq',
} as const

async function compareRows([one, other]: readonly [Product, Product], where: string) {
  for (const [table, order] of Object.entries(TABLES)) {
    const sql = `SELECT * FROM ${table} ORDER BY ${order}`
    compare(`${where}: the rows of ${table}`, [await one.rows(sql), await other.rows(sql)])
  }
}

function compare(what: string, [one, other]: readonly unknown[]): void {
  if (isDeepStrictEqual(one, other)) return
  throw new Difference(
    `${what}\nsqlite:   ${JSON.stringify(firstOdd(one, other))}\npostgres: ${JSON.stringify(firstOdd(other, one))}`,
  )
}

/** Of two long lists only the first item that differs. */
function firstOdd(one: unknown, other: unknown): unknown {
  if (!Array.isArray(one) || !Array.isArray(other)) return one
  return one.find((item, index) => !isDeepStrictEqual(item, other[index])) ?? one.length
}
