import type { Limits } from '@tertulia/protocol'
import { chores, createCompanions, handlers } from './features/index.ts'
import { createApiKeys } from './features/keys/index.ts'
import { createStreamReader } from './features/sync/index.ts'
import { createPeople } from './features/users/index.ts'
import type { TicketOffice } from './identity/identities.ts'
import type { People } from './identity/people.ts'
import type { Failpoints } from './kernel/failpoints.ts'
import type { Settings } from './kernel/handlers.ts'
import { Moments } from './kernel/moments.ts'
import { acquireLease } from './kernel/nodeLease.ts'
import { createOperations } from './kernel/operations.ts'
import type { PageCursors } from './kernel/pages.ts'
import type { ChannelTypes } from './kernel/permissions/channelTypes.ts'
import { Sweeper } from './kernel/sweeper.ts'
import { createTokenBuckets } from './kernel/tokenBuckets.ts'
import { WriteQueue } from './kernel/writeQueue.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock, Timers } from './ports/clock.ts'
import type { Log } from './ports/log.ts'
import type { Identities } from './ports/product.ts'
import type { Engine } from './store/engine.ts'
import { type StoreIdentity, settleEpoch } from './store/epoch.ts'
import { lockWhole } from './store/moving.ts'

export interface CoreOptions {
  readonly engine: Engine
  readonly bus: Bus
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  readonly limits: Limits
  readonly channelTypes: ChannelTypes
  readonly cursors: PageCursors
  readonly directory: 'shared' | 'all'
  /** Which node of a cluster this is, 0 to 1022: the ids that it makes carry it. */
  readonly node?: number
  /** Names this process in the node lease. */
  readonly holder: string
  readonly markBeside: string | null
  readonly newMark: string
  /** Made from the users of this store. */
  readonly identify: (people: People) => Identities & TicketOffice
  readonly failpoints?: Failpoints
}

/** The embedded store has one node. */
const ONLY_NODE = 0

/** The product without any door: the write queue, the operations and the sweeper on a migrated store. */
export async function createCore(options: CoreOptions) {
  const { engine, bus, clock, timers, log, limits, node = ONLY_NODE } = options
  const { identity, lease } = await engine.write(async (changes) => {
    await lockWhole(changes)
    return {
      identity: await settleEpoch(changes, options),
      lease: await acquireLease(changes, node, { holder: options.holder, now: () => clock.now() }),
    }
  })
  const failpoints = options.failpoints ? { failpoints: options.failpoints } : {}
  const queue = new WriteQueue({
    engine,
    lease,
    epoch: identity.epoch,
    bus,
    clock,
    timers,
    limits,
    log,
    ...failpoints,
  })
  const people = createPeople(engine, queue)
  const identities = options.identify(people)
  const settings: Settings = {
    ...options,
    epoch: identity.epoch,
    tickets: identities,
    moments: new Moments(),
    // Companions stand on the settings; nobody asks before they are there.
    hereIn: (channelId) => beside.hereIn(channelId),
  }
  const buckets = createTokenBuckets(clock, limits.bucketsKept)
  const beside = createCompanions({
    engine,
    bus,
    clock,
    timers,
    limits,
    log,
    buckets,
    settings,
    queue,
    node,
  })
  return {
    identity: identity satisfies StoreIdentity,
    lease,
    queue,
    settings,
    buckets,
    operations: createOperations({
      handlers,
      engine,
      queue,
      bus,
      clock,
      buckets,
      settings,
      log,
    }),
    streams: createStreamReader(engine, settings),
    companions: beside.companions,
    identities,
    apiKeys: createApiKeys(engine, queue),
    sweeper: new Sweeper({ engine, queue, bus, clock, timers, limits, settings, log, chores }),
  }
}

export type Core = Awaited<ReturnType<typeof createCore>>
