import { ChatError, LIMITS, type Limits } from '@tertulia/protocol'
import { type Failpoint, Failpoints, type Log } from '@tertulia/server'
import {
  type Actor,
  type Core,
  createCore,
  createGateway,
  createPageCursors,
  defaultChannelTypes,
  deriveKey,
  type Gateway,
  watchEngine,
} from '@tertulia/server/parts'
import type { Outcome } from '../client/surroundings.ts'
import type { OpenStore, SimStore } from '../store/simStore.ts'
import type { Chance } from '../world/chance.ts'
import type { Climate } from '../world/climate.ts'
import type { Schedule } from '../world/schedule.ts'
import type { FarEnd, Wire } from '../world/wire.ts'
import { Crash, Life } from './life.ts'
import { roughBus } from './roughBus.ts'
import type { Seams } from './seams.ts'
import { simIdentities, simToken } from './simIdentities.ts'
import { simSocket, type Texts, textFraming } from './simSocket.ts'
import { slowEngine } from './slowEngine.ts'

/** A market is told in windows, and of what is said there a part. */
const channelTypes = Object.fromEntries(
  Object.entries(defaultChannelTypes).map(([type, config]) => [
    type,
    type === 'public' ? { ...config, windowMs: LIMITS.windowMs, shownPerSecond: 1 } : config,
  ]),
)

export interface ServerOptions {
  readonly store: SimStore
  readonly schedule: Schedule
  readonly chance: Chance
  readonly climate: () => Climate
  readonly limits: Partial<Limits>
  readonly seams: Seams
  readonly wallOffset: () => number
  /** Something was committed: others may look at the store after this turn. */
  readonly committed: () => void
  /** A text was handed to the network for a user. */
  readonly written: (userId: string, text: string) => void
  /** The server logged an error that no simulated crash explains. */
  readonly trouble: (message: string, error: unknown) => void
  readonly died: () => void
}

const SERVER: Actor = { kind: 'server', keyId: 'sim', access: 'full' }
/** The longest time in which a dying process still lets out what it had handed on. */
const DYING_MS = 3
const DRAIN_MS = 8000

/** One life of the server on a store: the real core and the real frame loop. */
export class ServerProcess {
  readonly life: Life
  readonly #options: ServerOptions
  readonly #failpoints = new Failpoints()
  readonly #wires = new Map<Wire, FarEnd>()
  readonly #crashes = { wanted: false }
  #store: OpenStore | null = null
  #core: Core | null = null
  #gateway: Gateway<Texts> | null = null
  #calls = 0
  #isStopping = false

  private constructor(options: ServerOptions) {
    this.#options = options
    this.life = new Life(options.schedule, options.chance, options.wallOffset)
  }

  static start(options: ServerOptions, ready: (server: ServerProcess) => void): ServerProcess {
    const server = new ServerProcess(options)
    server.#open().then(
      () => server.life.vigour === 'alive' && ready(server),
      (error) => options.trouble('the server did not start', error),
    )
    return server
  }

  get epoch(): number {
    return this.#ready().identity.epoch
  }

  #ready(): Core {
    if (!this.#core) throw new Error('The simulated server has not started yet.')
    return this.#core
  }

  async #open(): Promise<void> {
    const { life } = this
    const { schedule, chance, climate, seams, committed } = this.#options
    const { storeMs } = climate()
    const store = await this.#options.store.open({ life, storeMs })
    this.#store = store
    const limits = { ...LIMITS, ...this.#options.limits }
    const bus = roughBus({ life, chance, climate: () => climate().bus })
    const at = { life, bus: () => bus, crashes: this.#crashes }
    const slow = slowEngine(seams.engine?.(store.engine, at) ?? store.engine, {
      life,
      storeMs,
      committed,
    })
    const shared = {
      clock: life,
      timers: life,
      limits,
      log: this.#log(),
      bus: seams.bus?.(bus, at) ?? bus,
    }
    const core = await createCore({
      ...shared,
      engine: watchEngine(slow, (error) => this.#options.trouble('the store broke', error)),
      channelTypes,
      cursors: createPageCursors(deriveKey('the secret of the simulation', 'page-cursors')),
      directory: 'shared',
      holder: `simulated at ${schedule.now}`,
      markBeside: store.markBeside,
      newMark: store.newMark,
      identify: simIdentities(life),
      failpoints: this.#failpoints,
    })
    store.keepMark(core.identity.mark)
    const door = {
      operations: seams.operations?.(core.operations, at) ?? core.operations,
      streams: seams.streams?.(core.streams, at) ?? core.streams,
    }
    this.#core = { ...core, ...door }
    this.#gateway = createGateway<Texts>({
      ...this.#core,
      ...shared,
      random: chance,
      framing: textFraming,
      features: [],
    })
    core.sweeper.run()
  }

  /** A WebSocket arrives. False when it is refused. */
  accept(wire: Wire, userId: string): boolean {
    const gateway = this.#gateway
    if (this.life.vigour !== 'alive' || !gateway?.admit('192.0.2.1').ok) return false
    const { written } = this.#options
    const socket = simSocket({ wire, life: this.life, written: (text) => written(userId, text) })
    const events = gateway.accept(socket, { address: '192.0.2.1', token: null, ticket: null })
    const whileAlive = (run: () => void) => {
      if (this.life.vigour !== 'dead') run()
    }
    const far: FarEnd = {
      text: (text) => whileAlive(() => events.text(text)),
      drained: () => whileAlive(() => events.drained()),
      closed: (code) => {
        this.#wires.delete(wire)
        whileAlive(() => events.closed(code))
      },
    }
    this.#wires.set(wire, far)
    wire.connect(far)
    return true
  }

  /** A REST call of a user, or of the app's own server for null. Never answered when the server dies in between. */
  async call(userId: string | null, op: string, input: unknown): Promise<Outcome> {
    if (this.#isStopping) return { kind: 'refusal', code: 'unavailable', retryAfterMs: 1000 }
    try {
      const actor = userId === null ? SERVER : await this.#userBy(userId)
      const bytes = JSON.stringify(input).length
      const requestId = `sim.${++this.#calls}`
      const data = await this.#ready().operations.call({ actor, op, input, requestId, bytes })
      return { kind: 'answer', data: JSON.parse(JSON.stringify(data)) }
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      return { kind: 'refusal', code: error.code, retryAfterMs: error.retryAfterMs ?? 0 }
    }
  }

  /** REST calls of the simulation always have a good token. */
  async #userBy(userId: string): Promise<Actor> {
    const token = simToken(userId, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    return (await this.#ready().identities.userByToken(token)).actor
  }

  /** Crashes when the write path comes by this point. */
  crashAt(point: Failpoint): void {
    this.#failpoints.on(point, () => {
      if (this.life.vigour === 'alive') this.#crash(point)
    })
  }

  #crash(point: Failpoint): void {
    switch (point) {
      case 'before-commit':
        this.#crashBeforeCommit()
        return
      case 'after-commit':
        this.kill()
        return
      case 'after-answer':
      case 'after-announce':
        this.life.vigour = 'dying'
        this.#dieSoon()
    }
  }

  /** What is thrown inside the transaction undoes it. */
  #crashBeforeCommit(): void {
    this.#dieSoon()
    if (this.#options.seams.crashesBeforeCommit) {
      this.#crashes.wanted = true
      return
    }
    this.life.vigour = 'dying'
    throw new Crash('The server crashes before the commit.')
  }

  #dieSoon(): void {
    const { schedule, chance } = this.#options
    schedule.after(chance.fraction() * DYING_MS, () => this.kill())
  }

  /** Ends as on a SIGTERM: everybody is told, and what runs is finished. */
  async stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    await this.#gateway?.drain(DRAIN_MS)
    this.#gateway?.closeAll()
    await this.#ready().queue.whenIdle()
    await this.#ready().sweeper.stop()
    this.kill()
  }

  /** Ends at once, without a word to anybody. */
  kill(): void {
    if (this.life.vigour === 'dead') return
    this.life.vigour = 'dead'
    for (const wire of this.#wires.keys()) wire.farDied()
    this.#wires.clear()
    this.#store?.cut()
    this.#options.died()
  }

  #log(): Log {
    const { trouble } = this.#options
    const nothing = () => {}
    return {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: ({ err, ...fields }, message) => {
        if (err instanceof Crash || this.life.vigour !== 'alive') return
        trouble(`${message} ${JSON.stringify(fields)}`, err)
      },
    }
  }
}
