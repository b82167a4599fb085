import type { PresenceChoice, PresenceState } from '@tertulia/protocol'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import { PRESENCE, type StateNotice } from './notices.ts'
import type { Records } from './records.ts'

/** A user with a connection to this node, or who had one a moment ago. */
interface Guest {
  readonly uid: string
  connections: number
  /** Null until it was read: nothing is told before. */
  choice: PresenceChoice | null
  /** What this node announced last. */
  told: PresenceState
  lastActiveAt: number | null
}

/** Who is on this node, all connections of a user as one. Announces to all nodes how each of them stands. */
export class Attendance {
  readonly #ground: Ground
  readonly #records: Records
  readonly #guests = new Map<string, Guest>()
  /** Those who were active lately; the others are away. */
  readonly #active: Later<Guest>
  /** Those without a connection. A reconnect within the time is no coming and going. */
  readonly #leaving: Later<Guest>
  readonly #activity: (uid: string, at: number) => void
  #turn: number

  constructor(
    ground: Ground,
    records: Records,
    /** Hears of each activity that others may know of. */
    activity: (uid: string, at: number) => void,
  ) {
    const { limits } = ground
    this.#ground = ground
    this.#records = records
    this.#activity = activity
    // Above whatever this node said in an earlier life.
    this.#turn = ground.clock.now()
    const announce = (guest: Guest) => this.#announce(guest)
    this.#active = new Later({ ...ground, ms: limits.presenceAwayMs, run: announce })
    this.#leaving = new Later({
      ...ground,
      ms: limits.presenceGraceMs,
      run: (guest) => this.#leave(guest),
    })
  }

  came(uid: string): void {
    const known = this.#guests.get(uid)
    const guest = known ?? this.#enter(uid)
    guest.connections++
    this.#leaving.remove(guest)
    if (guest.choice === null) this.#ask(guest)
  }

  went(uid: string): void {
    const guest = this.#guests.get(uid)
    if (guest && --guest.connections === 0) this.#leaving.put(guest)
  }

  /** The user did something. */
  isActive(uid: string): void {
    const guest = this.#guests.get(uid)
    if (!guest) return
    this.#active.put(guest)
    this.#announce(guest)
  }

  chose(uid: string, choice: PresenceChoice): void {
    const guest = this.#guests.get(uid)
    if (!guest) return
    guest.choice = choice
    this.#announce(guest)
  }

  stop(): void {
    this.#active.clear()
    this.#leaving.clear()
  }

  #enter(uid: string): Guest {
    const guest: Guest = {
      uid,
      connections: 0,
      choice: null,
      told: 'offline',
      lastActiveAt: null,
    }
    this.#guests.set(uid, guest)
    return guest
  }

  /** A choice that was made meanwhile is newer than what is read. */
  #ask(guest: Guest): void {
    this.#records.choiceOf(guest.uid).then(
      (choice) => {
        guest.choice ??= choice
        if (this.#guests.get(guest.uid) === guest) this.#announce(guest)
      },
      (error) => this.#ground.log.warn({ err: error }, 'a choice of presence was not read'),
    )
  }

  #leave(guest: Guest): void {
    this.#guests.delete(guest.uid)
    this.#active.remove(guest)
    this.#publish(guest, 'offline')
  }

  #stateOf(guest: Guest): PresenceState {
    if (guest.choice === null || guest.choice === 'invisible') return 'offline'
    return guest.choice === 'online' && this.#active.has(guest) ? 'online' : 'away'
  }

  #announce(guest: Guest): void {
    const state = this.#stateOf(guest)
    if (state === 'online') this.#note(guest)
    this.#publish(guest, state)
  }

  /** The moment of the last activity stands still while the user is not seen as online. */
  #note(guest: Guest): void {
    const { clock, limits } = this.#ground
    const now = clock.now()
    const at = now - (now % limits.lastActiveMs)
    if (at === guest.lastActiveAt) return
    guest.lastActiveAt = at
    this.#activity(guest.uid, at)
  }

  #publish(guest: Guest, state: PresenceState): void {
    if (state === guest.told) return
    guest.told = state
    const { uid, lastActiveAt } = guest
    const { node, bus } = this.#ground
    const turn = ++this.#turn
    const notice: StateNotice = { kind: 'state', uid, node, turn, state, lastActiveAt }
    bus.publish({ kind: 'passing', to: PRESENCE, about: uid, data: notice })
  }
}
