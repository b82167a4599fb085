import { ChatError, type Presence } from '@tertulia/protocol'
import { nameOf, type UserActor } from '../../kernel/actor.ts'
import type { Ground } from '../../kernel/companions.ts'
import { bucketOf } from '../../kernel/rates.ts'
import type { Listener } from '../../ports/companion.ts'
import { type Look, lookOf } from './looks.ts'
import type { Found } from './records.ts'
import type { Rounds, Watched } from './rounds.ts'

/** A list that is being read. */
interface Wish {
  readonly listener: Listener
  /** Users of whom something changed since it began. */
  readonly changed: Set<string>
}

/** Replaces whom a connection watches, and answers with what it sees of them. */
export class Watching {
  readonly #ground: Ground
  readonly #watched: Watched
  readonly #rounds: Rounds
  /** By connection; of several only the newest counts. */
  readonly #wishes = new Map<string, Wish>()

  constructor(ground: Ground, watched: Watched, rounds: Rounds) {
    this.#ground = ground
    this.#watched = watched
    this.#rounds = rounds
  }

  async watch(listener: Listener, userIds: readonly string[]): Promise<Presence[]> {
    this.#pay(listener.actor, userIds.length)
    const { known, watches } = this.#watched
    const wish: Wish = { listener, changed: new Set() }
    this.#wishes.set(listener.id, wish)
    watches.drop(listener)
    try {
      const found = await this.#find(listener.actor, userIds)
      const presences = userIds.map((id, at) => known.seen(id, found[at]?.seen ?? null))
      if (this.#wishes.get(listener.id) === wish) this.#begin(wish, found, presences)
      return presences
    } finally {
      if (this.#wishes.get(listener.id) === wish) this.#wishes.delete(listener.id)
    }
  }

  /** Something changed that may be older or newer than what is being read. */
  changed(uid: string): void {
    for (const { changed } of this.#wishes.values()) changed.add(uid)
  }

  went(listener: Listener): void {
    this.#wishes.delete(listener.id)
    this.#watched.watches.drop(listener)
  }

  /** A long list costs as much as the questions that it stands for; one was taken for the call itself. */
  #pay(actor: UserActor, users: number): void {
    const { buckets, limits } = this.#ground
    const cost = Math.ceil(users / limits.batchItems) - 1
    if (cost <= 0) return
    const { suffix, size } = bucketOf('request', 'user', limits)
    const taken = buckets.take(`${nameOf(actor)}/${suffix}`, size, cost)
    if (!taken.ok)
      throw new ChatError('rate_limited', {
        retryAfterMs: taken.retryAfterMs,
        details: { scope: suffix },
      })
  }

  /** A slice in each turn of the loop: others want to be served too. */
  async #find(viewer: UserActor, userIds: readonly string[]): Promise<Found[]> {
    const { limits, timers } = this.#ground
    const found: Found[] = []
    for (let from = 0; from < userIds.length; from += limits.batchItems) {
      if (from > 0) await new Promise<void>((resolve) => timers.nextTurn(resolve))
      const some = userIds.slice(from, from + limits.batchItems)
      found.push(...(await this.#watched.records.find(viewer, some)))
    }
    return found
  }

  #begin({ listener, changed }: Wish, found: readonly Found[], presences: readonly Presence[]) {
    const users = new Map<string, string>()
    const told = new Map<string, Look>()
    for (const [index, presence] of presences.entries()) {
      const uid = found[index]?.uid ?? null
      if (uid === null) continue
      users.set(uid, presence.userId)
      told.set(uid, lookOf(presence, found[index]?.seen ?? null))
    }
    const watch = { listener, users, told }
    this.#watched.watches.put(watch)
    for (const uid of changed) this.#rounds.lookAt(watch, uid)
  }
}
