import type { MessagePreview } from '@tertulia/protocol'
import type { Windowing } from '../ports/product.ts'
import type { Connection } from './connection.ts'
import type { Gathered, Paces } from './gathering.ts'
import type { Join } from './joins.ts'
import type { Sampler } from './sampling.ts'
import type { Stream } from './stream.ts'
import type { Values } from './values.ts'

/** What is to be told to those who watch the channel in their list. */
export interface BumpState {
  /** Monotonic ms of the last bump. */
  bumpedAt: number
  waiting: boolean
  /** The newest message, when it changed since the last bump. */
  last: MessagePreview | null
  /** The same for the number of messages to read. */
  ordinal: number | null
  /** Up to where the channel was truncated since. */
  floor: number | null
}

/** Shared until the first watcher comes: most hubs have only one kind. */
const NOBODY: readonly Connection[] = []
const NOWHERE: readonly number[] = []
const NO_JOINS: readonly Join[] = []

/** A channel that somebody on this node watches. Without watchers there is no hub. */
export class Hub implements Stream {
  readonly name: string
  epoch = 0
  delivered = 0
  head = 0
  full = NOBODY as Connection[]
  /** For each of `full` the seq at which its interest was answered: everything up to it is in that answer. */
  since = NOWHERE as number[]
  /** None of `since` is above it, so that events above it need no look at each recipient. */
  sinceUpTo = 0
  list = NOBODY as Connection[]
  joining = NO_JOINS as Join[]
  /** Members who see only what came after a seq, by uid. Sparse: nearly everybody sees everything. */
  #hidden: Map<string, number> | null = null
  /** No watcher's `visibleFrom` is above it, so that events above it need no look at each recipient. */
  hiddenUpTo = 0
  memberCount = 0
  bump: BumpState | null = null
  /** Null for most: their events are told one by one. */
  window: Windowing | null = null
  sampler: Sampler | null = null
  gathered: Gathered | null = null
  paces: Paces | null = null
  values: Values | null = null
  /** The place on the timer wheel. */
  turn = -1

  constructor(id: string) {
    this.name = id
  }

  beginEpoch(epoch: number): void {
    this.epoch = epoch
    this.delivered = 0
    this.head = 0
    this.since.fill(0)
    this.sinceUpTo = 0
  }

  isEmpty(): boolean {
    return this.full.length === 0 && this.list.length === 0 && this.joining.length === 0
  }

  visibleFrom(uid: string): number {
    return this.#hidden?.get(uid) ?? 0
  }

  setVisibleFrom(uid: string, seq: number): void {
    if (seq === 0) this.forgetVisibility(uid)
    else {
      this.#hidden ??= new Map()
      this.#hidden.set(uid, seq)
      this.hiddenUpTo = Math.max(this.hiddenUpTo, seq)
    }
  }

  isRestricted(uid: string): boolean {
    return this.#hidden?.has(uid) ?? false
  }

  /** The bound stays until nobody is restricted: to recount at every leave would cost more than it saves. */
  forgetVisibility(uid: string): void {
    if (!this.#hidden?.delete(uid) || this.#hidden.size > 0) return
    this.#hidden = null
    this.hiddenUpTo = 0
  }
}
