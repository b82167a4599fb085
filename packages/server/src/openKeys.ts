import { createMemoryBus } from './adapters/bus.memory.ts'
import { systemClock } from './adapters/clock.system.ts'
import { createPinoLog } from './adapters/log.pino.ts'
import { systemTimers } from './adapters/timers.node.ts'
import type { Config } from './config.ts'
import { createApiKeys } from './features/keys/index.ts'
import type { ApiKeys } from './identity/keyring.ts'
import { acquireLease } from './kernel/nodeLease.ts'
import { WriteQueue } from './kernel/writeQueue.ts'
import { lookAtStore, openExisting } from './openStore.ts'
import { lockWhole, refuseMoved } from './store/moving.ts'

/** The node id of the command line: its ids never meet those of a server. */
const DESK_NODE = 1023

export interface OpenKeys {
  readonly apiKeys: ApiKeys
  close(): Promise<void>
}

/**
 * The API keys of a store, also while a server runs on it: keys are rows of their own that no server holds in memory,
 * so a new key opens the door at once and a revoked one shuts it at once.
 */
export async function openKeys(config: Config): Promise<OpenKeys> {
  const log = createPinoLog(config.logLevel)
  refuseMoved((await lookAtStore(config)).meta, config.dataDir)
  const engine = await openExisting(config, log)
  const holder = { holder: `keys ${process.pid}`, now: () => systemClock.now() }
  const lease = await engine.write(async (changes) => {
    await lockWhole(changes)
    return acquireLease(changes, DESK_NODE, holder)
  })
  const queue = new WriteQueue({
    engine,
    lease,
    // Keys have no stream, so no epoch is ever written.
    epoch: 1,
    bus: createMemoryBus(),
    clock: systemClock,
    timers: systemTimers,
    limits: config.limits,
    log,
  })
  return { apiKeys: createApiKeys(engine, queue), close: () => engine.close() }
}
