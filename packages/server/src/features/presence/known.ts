import type { Presence, PresenceState } from '@tertulia/protocol'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { StateNotice } from './notices.ts'
import { choiceOf, statusAt } from './presence.store.ts'
import type { Seen } from './records.ts'

const RANK: readonly PresenceState[] = ['offline', 'away', 'online']

interface OnNode {
  readonly node: number
  readonly turn: number
  readonly state: PresenceState
}

/** A user as the nodes tell it: nearly always there is one. */
interface Standing {
  readonly uid: string
  nodes: readonly OnNode[]
  lastActiveAt: number | null
}

/** How users stand on all nodes together, and what that looks like for others. */
export class Known {
  readonly #clock: Ground['clock']
  readonly #minute: number
  readonly #standings = new Map<string, Standing>()
  /** Kept until the store has surely heard when they were last active. */
  readonly #gone: Later<Standing>

  constructor(ground: Ground) {
    this.#clock = ground.clock
    this.#minute = ground.limits.lastActiveMs
    this.#gone = new Later({
      ...ground,
      ms: 2 * ground.limits.lastActiveSaveMs,
      run: ({ uid }) => this.#standings.delete(uid),
    })
  }

  /** A bus may bring a notice twice, and the second time late. */
  hear({ uid, node, turn, state, lastActiveAt }: StateNotice): void {
    const standing = this.#standings.get(uid) ?? { uid, nodes: [], lastActiveAt: null }
    if (standing.nodes.some((known) => known.node === node && known.turn >= turn)) return
    this.#standings.set(uid, standing)
    const others = standing.nodes.filter((known) => known.node !== node)
    standing.nodes = [...others, { node, turn, state }]
    standing.lastActiveAt = latest(standing.lastActiveAt, lastActiveAt)
    if (this.stateOf(uid) === 'offline') this.#gone.put(standing)
    else this.#gone.remove(standing)
  }

  stateOf(uid: string): PresenceState {
    const nodes = this.#standings.get(uid)?.nodes ?? []
    return RANK.findLast((state) => nodes.some((one) => one.state === state)) ?? 'offline'
  }

  /**
   * What somebody sees of a user. Whoever sees nothing sees what nobody ever was. For whom a block hides, the user went
   * offline with the block at the latest.
   */
  seen(userId: string, seen: Seen | null): Presence {
    if (seen === null) return { userId, state: 'offline', lastActiveAt: null, status: null }
    const { uid, row, hiddenAt } = seen
    const lastActiveAt = latest(this.#standings.get(uid)?.lastActiveAt, row?.last_active_at)
    if (hiddenAt !== null) {
      const until = hiddenAt - (hiddenAt % this.#minute)
      const shownAt = lastActiveAt === null ? null : Math.min(lastActiveAt, until)
      return { userId, state: 'offline', lastActiveAt: shownAt, status: null }
    }
    const state = limited(this.stateOf(uid), choiceOf(row))
    return {
      userId,
      state,
      lastActiveAt: state === 'online' ? null : lastActiveAt,
      status: row ? statusAt(row.shown_text, row.shown_until, this.#clock.now()) : null,
    }
  }

  stop(): void {
    this.#gone.clear()
  }
}

/** The stored choice holds, also when a node has not heard of it. */
function limited(state: PresenceState, choice: ReturnType<typeof choiceOf>): PresenceState {
  if (choice === 'invisible') return 'offline'
  return choice === 'away' && state === 'online' ? 'away' : state
}

function latest(one: number | null | undefined, other: number | null | undefined): number | null {
  return Math.max(one ?? 0, other ?? 0) || null
}
