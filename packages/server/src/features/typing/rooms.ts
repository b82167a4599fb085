import type { Limits } from '@tertulia/protocol'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Announcement, StreamAnnouncement } from '../../ports/bus.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Audience } from '../../ports/companion.ts'
import type { Blocklists } from '../blocks/index.ts'
import { authorOf, TYPING, type TypingNotice } from './notice.ts'
import { paceOf } from './pace.ts'
import { tellingOf } from './telling.ts'

/** Somebody who types, as they said last. */
export type Typer = Pick<TypingNotice, 'channelId' | 'uid' | 'userId' | 'unseenBy'>

/** A channel in which somebody types. */
interface Room {
  readonly channelId: string
  /** By uid, who began first before the others. */
  readonly typers: Map<string, Typer>
  /** Who began, went on or ended since the last telling, by uid. */
  readonly changed: Map<string, Typer>
  /** Monotonic ms. */
  toldAt: number
  /** Waits for the moment at which the next telling is due. */
  timer: Timer | null
}

/** Who types where, as far as somebody on this node watches. */
export class Rooms {
  readonly #ground: Ground
  readonly #limits: Limits
  readonly #blocklists: Pick<Blocklists, 'deafTo'>
  readonly #rooms = new Map<string, Room>()
  readonly #ends: Later<Typer>
  #audience: Audience | null = null

  constructor(ground: Ground, blocklists: Pick<Blocklists, 'deafTo'>) {
    this.#ground = ground
    this.#blocklists = blocklists
    this.#limits = ground.limits
    this.#ends = new Later({
      ...ground,
      ms: ground.limits.typingMs,
      run: (typer) => this.#end(typer),
    })
  }

  meet(audience: Audience): void {
    this.#audience = audience
  }

  isTyping({ channelId, uid }: TypingNotice): boolean {
    return this.#rooms.get(channelId)?.typers.has(uid) ?? false
  }

  /** What any node announces. Never throws: the bus has other receivers. */
  receive(announcement: Announcement): void {
    if (announcement.kind === 'event') {
      if (this.#rooms.size > 0) this.#endBy(announcement)
    } else if (announcement.kind === 'passing' && announcement.to === TYPING)
      this.#hear(announcement.data as TypingNotice)
  }

  /** A message ends the typing of its author, a removal that of whoever is gone. */
  #endBy(announcement: StreamAnnouncement): void {
    const { stream, access, closes } = announcement
    const room = this.#rooms.get(stream)
    if (!room) return
    const author = authorOf(announcement)
    for (const typer of [...room.typers.values()]) {
      const isGone = access.some(({ kind, uid }) => kind === 'revoked' && uid === typer.uid)
      if (closes || isGone || author === typer.userId) this.#end(typer)
    }
  }

  #hear({ active, ...typer }: TypingNotice): void {
    const { channelId, uid } = typer
    const room = this.#rooms.get(channelId)
    const known = room?.typers.get(uid)
    if (!active) {
      if (known) this.#end(known)
    } else if (this.#pace(channelId)) this.#begin(room ?? this.#open(channelId), typer)
  }

  #open(channelId: string): Room {
    const room: Room = {
      channelId,
      typers: new Map(),
      changed: new Map(),
      toldAt: Number.NEGATIVE_INFINITY,
      timer: null,
    }
    this.#rooms.set(channelId, room)
    return room
  }

  /** Also who goes on is told: a reader believes a frame only for a while. */
  #begin(room: Room, typer: Typer): void {
    const known = room.typers.get(typer.uid)
    if (known) this.#ends.remove(known)
    room.typers.set(typer.uid, typer)
    this.#ends.put(typer)
    this.#changed(room, typer)
  }

  #end(typer: Typer): void {
    const room = this.#rooms.get(typer.channelId)
    this.#ends.remove(typer)
    if (!room?.typers.delete(typer.uid)) return
    this.#changed(room, typer)
  }

  #pace(channelId: string) {
    return paceOf(this.#limits, this.#audience?.watchers(channelId) ?? 0)
  }

  #changed(room: Room, typer: Typer): void {
    const pace = this.#pace(room.channelId)
    const now = this.#ground.clock.monotonic()
    room.changed.set(typer.uid, typer)
    if (!pace) this.#drop(room)
    else if (room.toldAt + pace.everyMs <= now) this.#tell(room)
    else room.timer ??= this.#after(room, room.toldAt + pace.everyMs - now)
  }

  #after(room: Room, ms: number): Timer {
    return this.#ground.timers.after(Math.ceil(ms), () => this.#tell(room))
  }

  #tell(room: Room): void {
    const { channelId, typers, changed } = room
    const pace = this.#pace(channelId)
    room.timer?.cancel()
    room.timer = null
    room.toldAt = this.#ground.clock.monotonic()
    if (!pace) {
      this.#drop(room)
      return
    }
    const telling = tellingOf(channelId, {
      typers: [...typers.values()],
      changed: [...changed.values()],
      names: pace.names,
      deafTo: (typer) => this.#blocklists.deafTo(typer),
    })
    changed.clear()
    this.#audience?.tell(channelId, telling)
    if (typers.size === 0) this.#drop(room)
  }

  /** Forgets without a word: nobody watches, or too many do. */
  #drop(room: Room): void {
    room.timer?.cancel()
    for (const typer of room.typers.values()) this.#ends.remove(typer)
    if (this.#rooms.get(room.channelId) === room) this.#rooms.delete(room.channelId)
  }
}
