import type { Message, ServerFrame } from '@tertulia/protocol'
import type { History } from '../history/record.ts'
import type { Chance } from '../seed.ts'
import { pause } from '../waiting.ts'
import type { Answer } from './answers.ts'
import { Connection, type Ending } from './connection.ts'
import { messageOf, toldOf } from './replica.ts'
import { Replicas } from './replicas.ts'
import { NotOpenedError } from './socket.ts'

export interface PersonOptions {
  readonly id: string
  readonly port: number
  readonly token: string
  /** Channels to watch with interest `full`: at most 20. */
  readonly channels: readonly string[]
  readonly chance: Chance
  readonly history: History
}

/** Grows with each attempt that failed, up to `most` times as long. */
const BACK_OFF_MS = { low: 50, high: 250, most: 3 }

/** Somebody with one device who stays connected, whatever the server does, until told to leave. */
export class Person {
  readonly id: string
  readonly endings: Ending[] = []
  onEvent: (message: Message) => void = () => {}
  onGap: () => void = () => {}
  readonly replicas: Replicas
  readonly #options: PersonOptions
  #connection: Connection | null = null
  #connections = 0
  #leaving = false
  #life: Promise<void> = Promise.resolve()

  constructor(options: PersonOptions) {
    const { id, channels, history } = options
    this.id = id
    this.#options = options
    const ask = (op: string, data: unknown) => this.#ask(op, data)
    this.replicas = new Replicas({ owner: id, channels, history, ask })
  }

  get connection(): Connection | null {
    return this.#connection?.isOpen ? this.#connection : null
  }

  start(): void {
    this.#life = this.#live()
  }

  async leave(): Promise<void> {
    this.#leaving = true
    this.#connection?.close()
    await this.#life
  }

  async #live(): Promise<void> {
    const { chance } = this.#options
    for (let failures = 1; !this.#leaving; failures++) {
      const ending = await this.#connect()
      if (ending) {
        this.endings.push(ending)
        failures = 1
      }
      const [low, high] = ending?.bye?.reconnectInMs ?? [BACK_OFF_MS.low, BACK_OFF_MS.high]
      const factor = ending?.bye ? 1 : Math.min(failures, BACK_OFF_MS.most)
      if (!this.#leaving) await pause(factor * chance.between(low, high))
    }
  }

  /** One connection, from its opening to its end. Null when it was not opened. */
  async #connect(): Promise<Ending | null> {
    const { port, token } = this.#options
    const by = `${this.id}#${++this.#connections}`
    const { promise, resolve } = Promise.withResolvers<Ending>()
    const connection = new Connection({
      welcome: ({ channels }) => this.replicas.take(channels),
      frame: (frame) => this.#hear(by, frame),
      ended: resolve,
    })
    try {
      await connection.open(port, {
        type: 'hello',
        protocol: 1,
        token,
        device: `d_${this.id}`,
        channels: this.replicas.wishes,
      })
    } catch (error) {
      if (error instanceof NotOpenedError) return null
      throw error
    }
    this.#connection = connection
    if (this.#leaving) connection.close()
    return promise
  }

  #hear(by: string, frame: ServerFrame): void {
    if (frame.type === 'event' || frame.type === 'events')
      for (const event of frame.type === 'event' ? [frame] : frame.events) {
        const message = messageOf(event)
        if (!message) continue
        if (event.name === 'message.created')
          this.#options.history.heard(by, frame.channel, toldOf(message))
        this.onEvent(message)
      }
    this.replicas.hear(frame)
    if (frame.type === 'gap') this.onGap()
  }

  /** `none` when the connection ended; after a refusal it has waited as long as the server asked. */
  async #ask(op: string, data: unknown): Promise<Answer> {
    const answer = (await this.connection?.request(op, data)) ?? {
      kind: 'none',
      why: 'not connected',
    }
    if (answer.kind === 'refused') await pause(Math.max(answer.retryAfterMs, BACK_OFF_MS.low))
    return answer
  }
}
