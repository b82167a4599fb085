import type { Limits } from '@tertulia/protocol'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Announcement, StreamAnnouncement } from '../../ports/bus.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Audience } from '../../ports/companion.ts'
import { authorOf, TYPING, type TypingNotice } from './notice.ts'
import { paceOf } from './pace.ts'
import { tellingOf } from './telling.ts'

export interface Typer {
  readonly channelId: string
  readonly uid: string
  readonly userId: string
}

/** A channel in which somebody types. */
interface Room {
  readonly channelId: string
  /** By uid, who began first before the others. */
  readonly typers: Map<string, Typer>
  /** Monotonic ms. */
  toldAt: number
  /** Waits for the moment at which the next telling is due. */
  timer: Timer | null
}

/** Who types where, as far as somebody on this node watches. */
export class Rooms {
  readonly #ground: Ground
  readonly #limits: Limits
  readonly #rooms = new Map<string, Room>()
  readonly #ends: Later<Typer>
  #audience: Audience | null = null

  constructor(ground: Ground) {
    this.#ground = ground
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

  #hear({ channelId, uid, userId, active }: TypingNotice): void {
    const room = this.#rooms.get(channelId)
    const known = room?.typers.get(uid)
    if (!active) {
      if (known) this.#end(known)
    } else if (this.#pace(channelId))
      this.#begin(room ?? this.#open(channelId), { channelId, uid, userId })
  }

  #open(channelId: string): Room {
    const room = { channelId, typers: new Map(), toldAt: Number.NEGATIVE_INFINITY, timer: null }
    this.#rooms.set(channelId, room)
    return room
  }

  /** Also who goes on is told: a reader believes a frame only for a while. */
  #begin(room: Room, typer: Typer): void {
    const known = room.typers.get(typer.uid) ?? typer
    room.typers.set(typer.uid, known)
    this.#ends.put(known)
    this.#changed(room, known)
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
    if (!pace) this.#drop(room)
    else if (pace.everyMs === 0) this.#tell(room, typer)
    else if (room.toldAt + pace.everyMs <= now) this.#tell(room, null)
    else room.timer ??= this.#after(room, room.toldAt + pace.everyMs - now)
  }

  #after(room: Room, ms: number): Timer {
    return this.#ground.timers.after(Math.ceil(ms), () => this.#tell(room, null))
  }

  /** For whoever changed alone nothing is new. */
  #tell(room: Room, changed: Typer | null): void {
    const { channelId, typers } = room
    const pace = this.#pace(channelId)
    room.timer?.cancel()
    room.timer = null
    room.toldAt = this.#ground.clock.monotonic()
    if (!pace) {
      this.#drop(room)
      return
    }
    const telling = tellingOf(channelId, [...typers.values()], pace.names)
    if (changed) telling.instead.set(changed.uid, null)
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
