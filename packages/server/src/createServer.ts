import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { LIMITS, type LimitName, type Limits, operations } from '@tertulia/protocol'
import { createMemoryBus } from './adapters/bus.memory.ts'
import { systemClock } from './adapters/clock.system.ts'
import { keepAlive } from './adapters/keepAlive.ts'
import { createPinoLog } from './adapters/log.pino.ts'
import { watchLoopDelay } from './adapters/loopDelay.ts'
import { cryptoRandom } from './adapters/random.crypto.ts'
import { wsFraming } from './adapters/socket.ws.ts'
import { systemTimers } from './adapters/timers.node.ts'
import type { ServerConfig } from './config.ts'
import { createGateway, type Gateway } from './connections/gateway.ts'
import { type Core, createCore } from './createCore.ts'
import { createAuthenticate } from './identity/bearer.ts'
import { deriveKey, fingerprintOf } from './identity/derivedKeys.ts'
import { createIdentities } from './identity/identities.ts'
import { type ApiKeys, createKeyring } from './identity/keyring.ts'
import { createPageCursors } from './identity/pageCursors.ts'
import { createTickets } from './identity/tickets.ts'
import { createUserTokens } from './identity/tokens.ts'
import { type Configuration, noteConfiguration } from './kernel/configuration.ts'
import type { Failpoints } from './kernel/failpoints.ts'
import { type ChannelTypes, defaultChannelTypes } from './kernel/permissions/channelTypes.ts'
import { Readiness } from './kernel/readiness.ts'
import { metricsOf } from './metrics.ts'
import { type OpenStore, openStore } from './openStore.ts'
import type { Bus } from './ports/bus.ts'
import type { Log } from './ports/log.ts'
import type { Operations } from './ports/product.ts'
import type { Engine } from './store/engine.ts'
import { logOutages } from './store/outages.ts'
import { watchEngine } from './store/watchedEngine.ts'
import { createAddressOf } from './transports/clientAddress.ts'
import { createAllowsOrigin, logRefusedOrigins } from './transports/origins.ts'
import { createHttp, type Extension } from './transports/rest.ts'
import { createWebSocketDoor } from './transports/websocket.ts'

/** What a program that embeds the server may replace. Everything has a default. */
export interface Overrides {
  readonly log?: Log
  readonly channelTypes?: ChannelTypes
  /** Routes besides the API, such as the page of `tertulia dev`. */
  readonly extensions?: readonly Extension[]
  /** Lets pages of this machine in whatever their port: for development. */
  readonly loopbackOrigins?: boolean
  readonly limits?: Partial<Limits>
  /** For tests: wraps the engine or the bus, or acts at moments of the write path. */
  readonly wrapEngine?: (engine: Engine) => Engine
  readonly wrapBus?: (bus: Bus) => Bus
  readonly failpoints?: Failpoints
  /** Called once when the store cannot be trusted any more. The process should stop and start anew. */
  readonly broken?: (error: Error) => void
}

export interface Server {
  /** Listens; resolves with the address. */
  listen(): Promise<{ readonly url: string; readonly port: number }>
  /** Lets nobody in any more, tells every client when to come back, finishes what runs. Never rejects. */
  stop(): Promise<{ readonly unfinished: number }>
  /** The in-process door. */
  readonly operations: Operations
  readonly apiKeys: ApiKeys
}

/** Wiring, and nothing else. Rejects when the store cannot be used. */
export async function createServer(
  config: ServerConfig,
  overrides: Overrides = {},
): Promise<Server> {
  const limits = { ...config.limits, ...overrides.limits }
  const log = overrides.log ?? createPinoLog(config.logLevel)
  const store = await openStore({ ...config, limits }, log)
  try {
    const { engine, core, bus } = await openProduct({ config, overrides, limits, log, store })
    const gateway = createGateway({
      ...core,
      bus,
      clock: systemClock,
      random: cryptoRandom,
      timers: systemTimers,
      log,
      framing: wsFraming,
      limits,
      features: [],
    })
    return assemble({ config, overrides, limits, log, store, engine, core, gateway })
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Ground {
  readonly config: ServerConfig
  readonly overrides: Overrides
  readonly limits: Limits
  readonly log: Log
  readonly store: OpenStore
}

async function openProduct({ config, overrides, limits, log, store }: Ground) {
  const told = logOutages((overrides.wrapEngine ?? same)(store.engine), {
    log,
    clock: systemClock,
    limits,
  })
  const engine = watchEngine(told, (error) => {
    log.error({ err: error }, 'store broken')
    overrides.broken?.(error)
  })
  const bus = (overrides.wrapBus ?? same)(createMemoryBus())
  const core = await createCore({
    engine,
    bus,
    clock: systemClock,
    timers: systemTimers,
    log,
    limits,
    channelTypes: overrides.channelTypes ?? defaultChannelTypes,
    cursors: createPageCursors(deriveKey(config.secret, 'page-cursors')),
    directory: config.directory,
    holder: `pid ${process.pid}`,
    markBeside: store.markBeside,
    newMark: store.newMark,
    identify: (people) =>
      createIdentities({
        tokens: createUserTokens({ secrets: secretsOf(config), clock: systemClock }),
        people,
        tickets: createTickets({ clock: systemClock, random: cryptoRandom }),
        autoCreateUsers: config.autoCreateUsers,
      }),
    ...(overrides.failpoints ? { failpoints: overrides.failpoints } : {}),
  })
  store.keepMark(core.identity.mark)
  await noteConfiguration(engine, core.queue, configurationOf(config, limits))
  return { engine, core, bus }
}

function configurationOf(config: ServerConfig, limits: Limits): Configuration {
  const {
    port,
    host,
    behindTls,
    autoCreateUsers,
    directory,
    allowQueryToken,
    secret,
    previousSecret,
  } = config
  const tuned = Object.entries(limits).filter(
    ([name, value]) => LIMITS[name as LimitName] !== value,
  )
  return {
    secret: fingerprintOf(secret),
    previousSecret: previousSecret === null ? 'none' : fingerprintOf(previousSecret),
    address: `${host}:${port}`,
    allowedOrigins: config.allowedOrigins.join(' '),
    trustedProxies: config.trustedProxies.join(' '),
    behindTls: String(behindTls),
    autoCreateUsers: String(autoCreateUsers),
    directory,
    allowQueryToken: String(allowQueryToken),
    ...Object.fromEntries(tuned.map(([name, value]) => [name, String(value)])),
  }
}

/** New tokens are signed with the first; the second is on its way out. */
const secretsOf = ({ secret, previousSecret }: ServerConfig): readonly [string, ...string[]] =>
  previousSecret === null ? [secret] : [secret, previousSecret]

const same = <T>(part: T): T => part

interface Parts extends Ground {
  readonly engine: Engine
  readonly core: Core
  readonly gateway: Gateway<Buffer>
}

function assemble(parts: Parts): Server {
  const { config, limits, log, core, gateway, overrides } = parts
  let stopping: Promise<{ unfinished: number }> | null = null
  const loopDelay = watchLoopDelay()
  const addressOf = createAddressOf(config.trustedProxies)
  const allowsOrigin = createAllowsOrigin({
    allowed: config.allowedOrigins,
    loopback: overrides.loopbackOrigins ?? false,
    refused: logRefusedOrigins(log, systemClock),
  })
  const keyring = createKeyring({
    apiKeys: core.apiKeys,
    bootstrap: config.apiKey,
    clock: systemClock,
  })
  const readiness = new Readiness({
    ask: () => reasonsNotReady(parts),
    timers: systemTimers,
    limits,
    log,
  })
  const app = createHttp({
    operations,
    calls: core.operations,
    authenticate: createAuthenticate(core.identities, keyring),
    buckets: core.buckets,
    random: cryptoRandom,
    log,
    limits,
    draining: () => stopping !== null,
    extensions: overrides.extensions ?? [],
    allowsOrigin,
    behindTls: config.behindTls,
    ready: async () => {
      const reasons = stopping ? ['draining'] : await readiness.look()
      return { ready: reasons.length === 0, reasons }
    },
    metrics: () =>
      metricsOf({
        counts: gateway.counts(),
        waitingWrites: core.queue.length,
        loopDelay: loopDelay.takeP99(),
      }),
    metricsToken: config.metricsToken,
    addressOf,
  })
  const { allowQueryToken } = config
  const door = createWebSocketDoor({
    gateway,
    allowsOrigin,
    addressOf,
    allowQueryToken,
    limits,
    random: cryptoRandom,
    log,
  })
  app.server.on('upgrade', door)

  return {
    operations: core.operations,
    apiKeys: core.apiKeys,
    async listen() {
      await app.listen({ port: config.port, host: config.host, backlog: 4096 })
      core.sweeper.run()
      readiness.run()
      const { port } = app.server.address() as AddressInfo
      const host = config.host.includes(':') ? `[${config.host}]` : config.host
      const url = `http://${host}:${port}`
      log.info({ url }, 'ready')
      return { url, port }
    },
    stop() {
      readiness.stop()
      stopping ??= stop(parts, app).finally(loopDelay.stop)
      return stopping
    },
  }
}

async function reasonsNotReady({ engine, core, store }: Parts): Promise<readonly string[]> {
  const isHeld = await engine.read((db) => core.lease.isHeld(db))
  return [
    ...(isHeld ? [] : ['another process took over this store, and nothing can be written here']),
    ...(store.isInPlace() ? [] : ['the file of the store was removed or replaced']),
  ]
}

type Http = ReturnType<typeof createHttp>

/** The drain comes first and has its own budget: nothing may hold it up. */
async function stop(
  { gateway, core, store, limits, log }: Parts,
  app: Http,
): Promise<{ unfinished: number }> {
  const letGo = keepAlive()
  const closed = app.server.listening ? once(app.server, 'close') : Promise.resolve()
  app.server.close()
  await gateway.drain(limits.drainMs)
  gateway.closeAll()
  app.server.closeIdleConnections()
  await core.queue.whenIdle()
  const unfinished = core.queue.length
  app.server.closeAllConnections()
  await closed
  await app.close()
  await core.sweeper.stop()
  await store.close()
  log.info({ unfinished }, 'stopped')
  letGo()
  return { unfinished }
}
