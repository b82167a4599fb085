import type { PresenceFrame } from '@tertulia/protocol'
import type { z } from 'zod'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Known } from './known.ts'
import { isNews, type Look, lookOf, unsent } from './looks.ts'
import type { Records } from './records.ts'
import type { Watch, Watches } from './watches.ts'

/** What the rounds look through. */
export interface Watched {
  readonly watches: Watches
  readonly known: Known
  readonly records: Records
}

/** What is new for a connection. */
type News = Map<Watch, Look[]>

/** Gathers what may have changed, and tells it once in a while: to each connection what is new for it, in one frame. */
export class Rounds {
  readonly #ground: Ground
  readonly #watched: Watched
  /** By user, those to whom it may be news. */
  #due = new Map<string, Set<Watch>>()
  readonly #timer: Later<'round'>

  constructor(ground: Ground, watched: Watched) {
    this.#ground = ground
    this.#watched = watched
    this.#timer = new Later({
      ...ground,
      ms: ground.limits.presenceMs,
      run: () => void this.#round().catch((error) => this.#failed(error)),
    })
  }

  /** Something about this user may be news to all who watch. */
  look(uid: string): void {
    for (const watch of this.#watched.watches.of(uid)) this.#await(uid, watch)
  }

  /** The same for one who watches. About the viewer: then it may be so with everybody whom they watch. */
  lookAt(watch: Watch, uid: string): void {
    if (watch.users.has(uid)) this.#await(uid, watch)
    if (uid !== watch.listener.actor.uid) return
    for (const watched of watch.users.keys()) this.#await(watched, watch)
  }

  stop(): void {
    this.#timer.clear()
    this.#due.clear()
  }

  #await(uid: string, watch: Watch): void {
    this.#due.set(uid, (this.#due.get(uid) ?? new Set()).add(watch))
    if (!this.#timer.has('round')) this.#timer.put('round')
  }

  async #round(): Promise<void> {
    const due = this.#due
    this.#due = new Map()
    const news: News = new Map()
    for (const [uid, some] of due) {
      const watches = [...some]
      const most = this.#ground.limits.batchItems
      for (let from = 0; from < watches.length; from += most)
        await this.#compare(uid, watches.slice(from, from + most), news)
    }
    for (const [watch, looks] of news) this.#tell(watch, looks)
  }

  /** Whether each of them may see the user is asked anew: what nobody may see any more must not be told. */
  async #compare(uid: string, watches: readonly Watch[], news: News): Promise<void> {
    const { known, records } = this.#watched
    const viewers = watches.map(({ listener }) => listener.actor)
    const seen = await records.look(viewers, uid)
    for (const [index, watch] of watches.entries()) {
      const userId = watch.users.get(uid)
      if (userId === undefined) continue
      const present = seen[index] ?? null
      const look = lookOf(known.seen(userId, present), present)
      const told = watch.told.get(uid)
      if (!told || isNews(told, look)) news.set(watch, [...(news.get(watch) ?? []), look])
      else watch.told.set(uid, unsent(told, look))
    }
  }

  /** A reader that is too slow is told in a later round, as it will be by then. */
  #tell(watch: Watch, looks: readonly Look[]): void {
    if (!this.#watched.watches.has(watch)) return
    const frame: z.infer<typeof PresenceFrame> = {
      type: 'presence',
      presences: looks.map(({ presence }) => presence),
    }
    const uids = new Map([...watch.users].map(([uid, userId]) => [userId, uid]))
    const isTold = watch.listener.offer(JSON.stringify(frame))
    for (const look of looks) {
      const uid = uids.get(look.presence.userId) ?? ''
      if (isTold) watch.told.set(uid, look)
      else this.#await(uid, watch)
    }
  }

  #failed(error: unknown): void {
    this.#ground.log.warn({ err: error }, 'presence was not told')
  }
}
