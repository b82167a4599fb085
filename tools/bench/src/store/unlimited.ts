import type { Limits } from '@tertulia/protocol'

const PLENTY = 1_000_000_000

/** Rates and admission out of the way: a bench measures what the machine can do, not what it is allowed to. */
export const unlimited = {
  sendsPerSecond: PLENTY,
  editsPerSecond: PLENTY,
  sendsBurst: PLENTY,
  editsBurst: PLENTY,
  requestsPerSecond: PLENTY,
  requestsBurst: PLENTY,
  eventsPerSecond: PLENTY,
  eventsBurst: PLENTY,
  inboundBytesPerSecond: PLENTY,
  // Each frame counts as a whole millisecond of this budget at least, however high its rate is.
  inboundBytesBurst: 1000 * PLENTY,
  serverRequestsPerSecond: PLENTY,
  serverRequestsBurst: PLENTY,
  addressRequestsPerSecond: PLENTY,
  addressRequestsBurst: PLENTY,
  handshakesPerSecond: PLENTY,
  handshakesBurst: PLENTY,
  unauthenticatedPerAddress: PLENTY,
  unauthenticatedSockets: PLENTY,
} as const satisfies Partial<Limits>

export const RAISED =
  'all rate limits, handshakes per second, sockets without a hello: raised out of the way'
