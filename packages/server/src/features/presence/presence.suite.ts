import type { Presence, PresenceChoice } from '@tertulia/protocol'
import { uidOf } from '../../connections/product.suite.ts'
import type { SimulatedSocket } from '../../connections/sockets.suite.ts'
import { World } from '../../connections/world.suite.ts'
import { createTokenBuckets } from '../../kernel/tokenBuckets.ts'
import { choiceNotice, PRESENCE } from './notices.ts'
import type { PresenceRow } from './presence.store.ts'
import { createPresence } from './presence.ts'
import type { Records } from './records.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** What the store would say, without a store: everybody sees everybody who is not a stranger to them. */
class FakeRecords implements Records {
  readonly rows = new Map<string, PresenceRow>()
  readonly strangers = new Set<string>()
  /** By viewer and user, since when a block hides. */
  readonly hidden = new Map<string, number>()
  readonly saves: (readonly [string, number])[][] = []
  broken = false
  /** Answers that were read already and wait for the test; null while none are held back. */
  held: (() => void)[] | null = null

  row(name: string, change: Partial<PresenceRow>): void {
    const uid = uidOf(name)
    const none = { status_text: null, status_until: null, shown_text: null, shown_until: null }
    const before = this.rows.get(uid) ?? { uid, choice: 'online', ...none, last_active_at: null }
    this.rows.set(uid, { ...before, ...change })
  }

  #seen(viewer: string, uid: string) {
    const pair = `${viewer}/${uid}`
    if (this.strangers.has(pair)) return null
    return { uid, row: this.rows.get(uid), hiddenAt: this.hidden.get(pair) ?? null }
  }

  async #answer<Answer>(read: Answer): Promise<Answer> {
    const { held } = this
    if (held) await new Promise<void>((resolve) => held.push(resolve))
    return read
  }

  /** Gives all answers that were held back. */
  async release(world: World): Promise<void> {
    const held = this.held ?? []
    this.held = null
    for (const give of held) give()
    await world.time.settle()
  }

  find: Records['find'] = async (viewer, userIds) =>
    this.#answer(
      userIds.map((id) =>
        id === 'nobody'
          ? { uid: null, seen: null }
          : { uid: uidOf(id), seen: this.#seen(viewer.uid, uidOf(id)) },
      ),
    )

  look: Records['look'] = async (viewers, uid) =>
    this.#answer(viewers.map((one) => this.#seen(one.uid, uid)))

  choiceOf: Records['choiceOf'] = async (uid) =>
    this.#answer(this.rows.get(uid)?.choice ?? 'online')

  save: Records['save'] = async (lastActive) => {
    if (this.broken) throw new Error('The store is away.')
    this.saves.push([...lastActive])
    for (const [uid, at] of lastActive) this.row(uid.replace('uid-', ''), { last_active_at: at })
  }
}

/** A world in which everybody sees everybody, and all channels are large. */
export function openWorld() {
  const records = new FakeRecords()
  const world = new World({}, ({ bus, time, limits }) => [
    createPresence(
      {
        engine: { read: async () => ({ channel: { member_count: 501 } }) } as never,
        settings: {} as never,
        queue: {} as never,
        node: 0,
        bus,
        clock: time,
        timers: time,
        limits,
        buckets: createTokenBuckets(time),
        log: { debug() {}, info() {}, warn() {}, error() {} },
      },
      { hides: (viewer, uid) => records.strangers.has(`${viewer}/${uid}`), isInvolved: () => true },
      records,
    ),
  ])
  const choose = (name: string, choice: PresenceChoice) => {
    records.row(name, { choice })
    const data = choiceNotice(uidOf(name), choice)
    return world.announce({ kind: 'passing', to: PRESENCE, about: uidOf(name), data })
  }
  return { world, records, choose }
}

export async function watch(world: World, socket: SimulatedSocket, userIds: readonly string[]) {
  const id = world.ask(socket, 'presence.watch', { userIds })
  await world.time.settle()
  const answer = socket.heardOf('response').find((frame) => frame['id'] === id)
  return (answer?.['data'] as { presences: Presence[] } | undefined)?.presences
}

export const isActive = async (world: World, socket: SimulatedSocket) => {
  socket.say({ type: 'active' })
  await world.time.settle()
}

/** Lets time pass for clients that answer heartbeats and do nothing else. */
export async function idle(world: World, ms: number, ...sockets: readonly SimulatedSocket[]) {
  for (let left = ms; left > 0; left -= 10_000) {
    await world.time.pass(Math.min(left, 10_000))
    for (const socket of sockets) socket.say({ type: 'heartbeat' })
  }
  await world.time.settle()
}

/** `alice:online` for each value that came in `presence` frames. */
export const told = (socket: SimulatedSocket) =>
  socket
    .heardOf('presence')
    .flatMap(({ presences }) => presences as Presence[])
    .map(({ userId, state }) => `${userId}:${state}`)
