import type { SlowMode } from '@tertulia/protocol'
import type { Millis } from '../../store/schema.ts'

/** What a user has used of a burst: nothing is left of it from `freeAt` on. */
export interface Spent {
  /** Of the last message. */
  readonly sentAt: Millis
  readonly freeAt: Millis
}

export interface Moment {
  readonly now: Millis
  /** How far the clocks of two nodes may be apart, in ms. */
  readonly clocksMs: number
}

/**
 * How long the next message has to wait, in ms: 0 for not at all. Never longer than `seconds` of the mode after the
 * last message, whatever the mode was then; a clock that went back adds `clocksMs` at most.
 */
export function waitMs(mode: SlowMode, spent: Spent | null, moment: Moment): number {
  const known = remembered(spent, moment)
  return known ? Math.max(0, freeAt(mode, known) - (burstMs(mode) - stepMs(mode)) - moment.now) : 0
}

/** What is used once a message was sent. */
export function spend(mode: SlowMode, spent: Spent | null, moment: Moment): Spent {
  const known = remembered(spent, moment)
  // The clock of this node may be behind the one that took the message before.
  const sentAt = Math.max(moment.now, known?.sentAt ?? 0)
  return { sentAt, freeAt: Math.max(sentAt, known ? freeAt(mode, known) : 0) + stepMs(mode) }
}

const stepMs = ({ seconds }: SlowMode): number => seconds * 1000
const burstMs = (mode: SlowMode): number => mode.burst * stepMs(mode)

/** The mode may have been slower then: what it took may not last longer than a whole burst of now. */
const freeAt = (mode: SlowMode, { sentAt, freeAt }: Spent): Millis =>
  Math.min(freeAt, sentAt + burstMs(mode))

/** A clock that went back must not lock anybody out until it is there again. */
const remembered = (spent: Spent | null, { now, clocksMs }: Moment): Spent | null =>
  spent && now >= spent.sentAt - clocksMs ? spent : null
