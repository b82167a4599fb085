import type { Device, Listeners } from '../client/device.ts'
import { CopyChecks } from './copyChecks.ts'
import { FrameChecks } from './frameChecks.ts'
import { SendChecks } from './sendChecks.ts'
import type { Truth } from './truth.ts'
import { Violation } from './violation.ts'

interface Written {
  readonly said: unknown
  readonly look: () => void
}

/** Looks on at everything and throws a `Violation` as soon as a promise is broken. */
export class Checker {
  readonly truth: Truth
  readonly copies: CopyChecks
  readonly sends: SendChecks
  readonly frames: FrameChecks
  #written: Written[] = []
  #trouble: Violation | null = null
  #newEpoch: number | null = null

  constructor(truth: Truth) {
    this.truth = truth
    this.copies = new CopyChecks(this.truth)
    this.sends = new SendChecks(this.truth)
    this.frames = new FrameChecks(this.truth)
  }

  committed(): void {
    this.truth.touch()
  }

  written(userId: string, text: string): void {
    this.#written.push({ said: text, look: () => this.frames.frame(userId, text) })
  }

  restAnswered(userId: string, data: unknown): void {
    this.#written.push({ said: data, look: () => this.frames.answer(userId, data) })
  }

  /** Something failed inside the server that the run did not ask for. */
  trouble(message: string, error: unknown): void {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#trouble ??= new Violation('server', `${message}: ${cause}`)
  }

  /** The server has come to rest: what it committed and what it said are held against each other. */
  async look(): Promise<void> {
    if (this.#trouble) throw this.#trouble
    await this.#beginEpoch()
    await this.truth.refresh()
    this.sends.look()
    for (const written of this.#written.splice(0)) lookAt(written)
  }

  /** The store was put back, and the server has begun a new epoch of it. */
  rewritten(epoch: number): void {
    this.#newEpoch = epoch
  }

  async #beginEpoch(): Promise<void> {
    if (this.#newEpoch === null) return
    await this.truth.rewritten(this.#newEpoch)
    this.#newEpoch = null
    this.sends.rewritten()
  }

  listenersOf(device: () => Device): Listeners {
    return {
      ownMoved: () => this.copies.own(device()),
      channelMoved: (channel) => this.copies.channel(device(), channel),
      answered: (entry, message) => this.sends.answered(device().options.userId, entry, message),
      failed: () => {},
    }
  }
}

function lookAt({ said, look }: Written): void {
  try {
    look()
  } catch (error) {
    if (error instanceof Violation)
      error.message += ` (${typeof said === 'string' ? said : JSON.stringify(said)})`
    throw error
  }
}
