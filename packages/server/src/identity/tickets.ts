import { createHash } from 'node:crypto'
import { ChatError, LIMITS } from '@tertulia/protocol'
import type { Clock, Random } from '../ports/clock.ts'

export interface Ticket {
  readonly ticket: string
  /** ms. */
  readonly expiresAt: number
}

/** Tickets that stand for something of type `Holder` once, for `LIMITS.ticketMs`. Only their hashes are kept. */
export interface Tickets<Holder> {
  /** Throws `unavailable` while `LIMITS.ticketsKept` unused tickets are alive. */
  issue(holder: Holder): Ticket
  /** Null for what is no ticket, is used or is too old: callers cannot tell which. */
  redeem(ticket: string): Holder | null
}

export interface TicketsOptions {
  readonly clock: Clock
  readonly random: Pick<Random, 'bytes'>
  readonly kept?: number
}

interface Kept<Holder> {
  readonly holder: Holder
  /** Monotonic ms. */
  readonly until: number
}

export function createTickets<Holder>({
  clock,
  random,
  kept = LIMITS.ticketsKept,
}: TicketsOptions): Tickets<Holder> {
  // All live equally long: the order of insertion is the order of expiry.
  const tickets = new Map<string, Kept<Holder>>()

  const dropExpired = () => {
    const now = clock.monotonic()
    for (const [hash, { until }] of tickets) {
      if (until > now) return
      tickets.delete(hash)
    }
  }

  return {
    issue(holder) {
      dropExpired()
      if (tickets.size >= kept)
        throw new ChatError('unavailable', { retryAfterMs: LIMITS.ticketMs })
      const ticket = Buffer.from(random.bytes(24)).toString('base64url')
      tickets.set(hashOf(ticket), { holder, until: clock.monotonic() + LIMITS.ticketMs })
      return { ticket, expiresAt: clock.now() + LIMITS.ticketMs }
    },
    redeem(ticket) {
      dropExpired()
      const hash = hashOf(ticket)
      const found = tickets.get(hash)
      tickets.delete(hash)
      return found?.holder ?? null
    },
  }
}

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64')
