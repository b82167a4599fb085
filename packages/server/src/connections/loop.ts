import type { Limits } from '@tertulia/protocol'
import type { TokenBuckets } from '../kernel/tokenBuckets.ts'
import type { Clock, Random, Timers } from '../ports/clock.ts'
import type { Answering, Companion, Signal } from '../ports/companion.ts'
import type { Log } from '../ports/log.ts'
import type { Identities, Operations, StreamReader } from '../ports/product.ts'
import type { Framing } from '../ports/socket.ts'
import type { AccessTurns } from './access.ts'
import type { Admission } from './admission.ts'
import type { Bytes } from './bytes.ts'
import type { Connection } from './connection.ts'
import type { Fanout } from './fanout.ts'
import type { Gates } from './gates.ts'
import type { Hub } from './hub.ts'
import type { Hubs } from './hubs.ts'
import type { Motions } from './motions.ts'
import type { People } from './people.ts'
import type { Disconnects } from './revocation.ts'
import type { Wheel } from './wheel.ts'

/** What connections are told when the server stops. */
export interface Drain {
  readonly reconnectInMs: readonly [earliest: number, latest: number]
}

/** Counters since the start, for metrics. */
export interface Tally {
  deliveries: number
  bumps: number
  /** Events that were left out of a flood. */
  omitted: number
  dropped: number
  lagging: number
  gaps: number
  tooSlow: number
}

/** The parts of one gateway. Each of its small files takes from here what it needs. */
export interface Loop {
  readonly clock: Clock
  readonly random: Random
  readonly timers: Timers
  readonly log: Log
  readonly limits: Limits
  readonly buckets: TokenBuckets
  readonly framing: Framing<Bytes>
  readonly operations: Operations
  readonly identities: Identities
  readonly streams: StreamReader
  readonly features: readonly string[]
  readonly companions: readonly Companion[]
  /** What companions take, by the type of the frame. */
  readonly signals: ReadonlyMap<string, Signal>
  /** What companions answer, by the name of the operation. */
  readonly answerings: ReadonlyMap<string, Answering>

  readonly connections: Set<Connection>
  /** Closed here, and not yet by the transport. */
  readonly closing: Set<Connection>
  readonly admission: Admission
  readonly people: People
  readonly hubs: Hubs
  readonly motions: Motions
  readonly accessTurns: AccessTurns
  readonly gates: Gates
  readonly disconnects: Disconnects
  readonly fanout: Fanout
  readonly checks: Wheel<Connection>
  readonly bumps: Wheel<Hub>
  readonly tally: Tally
  /** Set once the server stops. */
  drain: Drain | null
}

/** Monotonic time in whole ms. */
export const monotonic = (clock: Clock): number => Math.floor(clock.monotonic())
