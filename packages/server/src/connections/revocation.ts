import type { DisconnectAnnouncement } from '../ports/bus.ts'
import type { Session } from '../ports/product.ts'
import { close } from './closing.ts'
import { Kept } from './kept.ts'
import type { Loop } from './loop.ts'

interface Noted {
  readonly announcement: DisconnectAnnouncement
  readonly turn: number
}

/**
 * The latest ends of sessions. A token is checked against the store, which takes time; what ended in between is
 * found here, so that no connection outlives a revocation by having been slow.
 */
export class Disconnects {
  readonly #latest: Kept<Noted>
  #turn = 0

  constructor(most: number) {
    this.#latest = new Kept(most)
  }

  note(announcement: DisconnectAnnouncement): void {
    this.#turn++
    this.#latest.set(announcement.uid, { announcement, turn: this.#turn })
  }

  /** The present moment, for `since`. */
  now(): number {
    return this.#turn
  }

  /** What ended this session after that moment, or null. */
  since(moment: number, session: Session): DisconnectAnnouncement | null {
    const noted = this.#latest.get(session.actor.uid)
    return noted && noted.turn > moment && ends(noted.announcement, session)
      ? noted.announcement
      : null
  }
}

const ends = ({ issuedUntil }: DisconnectAnnouncement, session: Session): boolean =>
  issuedUntil === null || session.issuedAt <= issuedUntil

/** Ends the connections of a user that rest on a revoked token. */
export function disconnect(loop: Loop, announcement: DisconnectAnnouncement): void {
  loop.disconnects.note(announcement)
  for (const connection of loop.people.get(announcement.uid)?.connections ?? []) {
    if (connection.session && ends(announcement, connection.session))
      close(loop, connection, announcement.code)
  }
}
