import { LIMITS, type Limits } from '@tertulia/protocol'
import type { Climate } from './climate.ts'

/** At these, a few small messages make a reader slow. */
const SMALL_BACKLOGS: Partial<Limits> = {
  dropEphemeralBytes: 2048,
  laggingBytes: 6144,
  caughtUpBytes: 1024,
  tooSlowBytes: 12_288,
}

const SMALL_BATCHES: Partial<Limits> = {
  joiningFrames: 2,
  channelsPerUser: 4,
  inlineSyncBytes: 3000,
  writeBatchOperations: 3,
  sweepRows: 4,
}

const SMALL_BUCKETS: Partial<Limits> = {
  sendsPerSecond: 1,
  sendsBurst: 2,
  requestsPerSecond: 2,
  requestsBurst: 4,
  violations: 5,
}

const SHORT_SILENCES: Partial<Limits> = { heartbeatMs: 3000, silenceMs: 9000 }

const EARLY_WARNING: Partial<Limits> = { tokenWarningMs: 8000 }

/** Bounds of the wire, which the product reads from the contract itself. */
const SMALL_ANSWERS = { deltaRows: 8, resetMessages: 5, resetTombstones: 3 }

/** The bounds of one run, as the server takes them. */
export const boundsOf = (climate: Climate): Partial<Limits> => ({
  ...(climate.slowReaders ? SMALL_BACKLOGS : {}),
  ...(climate.cramped ? SMALL_BATCHES : {}),
  ...(climate.stingy ? SMALL_BUCKETS : {}),
  ...(climate.hasty ? SHORT_SILENCES : {}),
  ...(climate.tokenMs < LIMITS.tokenWarningMs ? EARLY_WARNING : {}),
})

/** Makes the bounds of the wire small for one run. Returns what puts them back. */
export function cramp({ cramped }: Climate): () => void {
  const usual = { ...LIMITS }
  if (cramped) Object.assign(LIMITS, SMALL_ANSWERS)
  return () => Object.assign(LIMITS, usual)
}
