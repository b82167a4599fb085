import { Device, type Listeners, type Parts } from '../client/device.ts'
import type { LinkEvents, Outcome, Surroundings } from '../client/surroundings.ts'
import { Wire } from './wire.ts'
import type { World } from './world.ts'

export interface SimDeviceOptions {
  readonly world: World
  readonly userId: string
  readonly device: string
  readonly parts: Parts
  readonly listeners: (device: SimDevice) => Listeners
}

/** One device in its network: the client itself knows nothing of the simulation. */
export class SimDevice {
  readonly name: string
  readonly userId: string
  readonly client: Device
  readonly #world: World
  /** Out of reach of any network. */
  offline = false
  #wire: Wire | null = null

  constructor({ world, userId, device, parts, listeners }: SimDeviceOptions) {
    this.#world = world
    this.userId = userId
    this.name = `${userId}/${device}`
    const { chance } = world
    this.client = new Device({
      userId,
      device,
      surroundings: this.#surroundings(),
      listeners: listeners(this),
      firstInterest: () => (world.healing || chance.happens(0.75) ? 'full' : 'list'),
      prefersRest: () => chance.happens(0.3),
      parts,
    })
  }

  /** The network of this device fails. */
  cut(how: { readonly silent: boolean }): void {
    this.#wire?.break(how)
  }

  goOffline(): void {
    this.offline = true
    this.cut({ silent: false })
  }

  goOnline(): void {
    this.offline = false
    this.#wire?.speedUp()
    if (this.client.session.state !== 'open') this.client.session.connect()
  }

  speedUp(): void {
    this.#wire?.speedUp()
  }

  /** Connected, and not only in its own belief. */
  isReachable(): boolean {
    return this.client.session.isOpen() && this.#wire?.isBroken === false
  }

  #surroundings(): Surroundings {
    const { schedule, chance } = this.#world
    return {
      now: () => schedule.now,
      fraction: () => chance.fraction(),
      after: (ms, run) => schedule.after(ms, run),
      newClientId: () => this.#world.newClientId(),
      fetchToken: (done) => {
        const world = this.#world
        schedule.after(chance.fraction() * 200, () => done(world.tokenOf(this.userId)))
      },
      dial: (events) => this.#dial(events),
      call: (op, input, done) => this.#call(op, input, done),
    }
  }

  #dial(near: LinkEvents): Wire {
    const world = this.#world
    const { schedule, chance } = world
    const heard: LinkEvents = {
      ...near,
      text: (text) => {
        world.tell(() => `${this.name} <- ${text}`)
        near.text(text)
      },
      closed: (code) => {
        world.tell(() => `${this.name} is closed with ${code}`)
        near.closed(code)
      },
    }
    const wire = new Wire({
      schedule,
      chance,
      tripMs: () => world.climate.tripMs,
      bytesPerSecond: world.readerSpeed(),
      near: heard,
      said: (text) => world.tell(() => `${this.name} -> ${text}`),
    })
    this.#wire = wire
    schedule.after(chance.fraction() * world.climate.tripMs, () => {
      if (this.offline || !world.server?.accept(wire, this.userId)) wire.farDied()
    })
    this.#scheduleCut(wire)
    return wire
  }

  #scheduleCut(wire: Wire): void {
    const world = this.#world
    world.schedule.after(world.chance.pause(world.climate.cutEveryMs), () => {
      if (this.#wire !== wire || world.healing) return
      world.tell(() => `${this.name} is cut`)
      wire.break({ silent: world.chance.happens(world.climate.silentCuts) })
    })
  }

  /** A REST call: the request may be lost, and so may the answer. */
  #call(op: string, input: object, done: (outcome: Outcome) => void): void {
    if (this.offline) {
      this.#world.schedule.after(0, () => done({ kind: 'lost' }))
      return
    }
    this.#world.rest(this.userId, op, { input, done })
  }
}
