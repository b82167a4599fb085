import type { OperationName, ServerFrame } from '@tertulia/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import type { Ears } from '../ears.ts'
import { until } from '../until.ts'
import type { Answer } from './answer.ts'
import { type FrameOf, readFrame, readResponse } from './frames.ts'
import { handshakeRefusal } from './handshake.ts'

export interface LineOptions {
  readonly url: string
  readonly ears: Ears
  /** With its question mark. */
  readonly query?: string
  readonly socket?: ClientOptions
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

interface Asked {
  readonly name: OperationName | null
  readonly answered: (answer: Answer) => void
}

/** One WebSocket connection, with a memory of every frame that came in. */
export class Line {
  readonly frames: ServerFrame[] = []
  /** What the server said against the contract. Whoever holds the line must look. */
  readonly faults: Error[] = []
  readonly ws: WebSocket
  closed: Closed | null = null
  #listeners: ((frame: ServerFrame) => void)[] = []
  #asked = new Map<number, Asked[]>()
  #nextId = 1

  private constructor(ws: WebSocket, ears: Ears) {
    this.ws = ws
    ws.on('message', (data: Buffer) => {
      ears.note('a frame', data.toString())
      this.#receive(data.toString())
    })
    ws.on('error', () => {})
    ws.on('close', (code, reason) => {
      ears.note('a close reason', `${code} ${reason}`)
      this.closed = { code, reason: reason.toString() }
    })
  }

  /** @throws HandshakeRefused when the server answers with anything but a WebSocket. */
  static async open({ url, ears, query = '', socket = {} }: LineOptions): Promise<Line> {
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/ws${query}`, socket)
    const line = new Line(ws, ears)
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve)
      ws.once('error', reject)
      ws.once(
        'unexpected-response',
        (_, response) => void handshakeRefusal(response, ears).then(reject),
      )
    })
    return line
  }

  #receive(text: string): void {
    try {
      const frame = readFrame(text)
      this.frames.push(frame)
      if (frame.type === 'response') this.#answer(frame)
      for (const listen of this.#listeners) listen(frame)
    } catch (error) {
      this.faults.push(error as Error)
    }
  }

  #answer(frame: FrameOf<'response'>): void {
    const [asked, ...others] = this.#asked.get(frame.id) ?? []
    if (!asked)
      throw new Error(
        `The server answered ${frame.id}, which nobody asked, or answered twice (REQ-3).`,
      )
    this.#asked.set(frame.id, others)
    asked.answered(readResponse(asked.name, frame))
  }

  listen(listener: (frame: ServerFrame) => void): void {
    this.#listeners.push(listener)
  }

  say(frame: object): void {
    this.sayRaw(JSON.stringify(frame))
  }

  sayRaw(data: string | Buffer): void {
    this.ws.send(data)
  }

  /** Asks for an operation, or for something that is none when `name` is null. `raw` writes the frame itself. */
  async asks(
    name: OperationName | null,
    data: unknown,
    as: { readonly op?: string; readonly id?: number; readonly raw?: (id: number) => string } = {},
  ): Promise<Answer> {
    const id = as.id ?? this.#nextId++
    const came: Answer[] = []
    const asked = { name, answered: (answer: Answer) => void came.push(answer) }
    this.#asked.set(id, [...(this.#asked.get(id) ?? []), asked])
    this.sayRaw(as.raw?.(id) ?? JSON.stringify({ type: 'request', id, op: as.op ?? name, data }))
    return until(`an answer to ${as.op ?? name}`, () => {
      this.check()
      if (came.length === 0 && this.closed)
        throw new Error(`The line was closed with ${this.closed.code} before ${name} was answered.`)
      return came[0]
    })
  }

  /** The first frame of a type that fits, of those that came and those that come. */
  sees<Type extends ServerFrame['type']>(
    type: Type,
    fits: (frame: FrameOf<Type>) => boolean = () => true,
    deadlineMs?: number,
  ): Promise<FrameOf<Type>> {
    const look = () => {
      this.check()
      return this.frames.find(
        (frame): frame is FrameOf<Type> => frame.type === type && fits(frame as FrameOf<Type>),
      )
    }
    return until(`a fitting frame of type ${type}`, look, deadlineMs)
  }

  /** How the server closes the line. */
  async isClosed(deadlineMs?: number): Promise<Closed> {
    const closed = await until('the line is closed by the server', () => this.closed, deadlineMs)
    this.check()
    return closed
  }

  /** @throws the first thing that the server said against the contract. */
  check(): void {
    const [fault] = this.faults
    if (fault) throw fault
  }

  async hangUp(): Promise<void> {
    if (this.closed) return
    this.ws.close(1000)
    await until('the line is closed', () => this.closed)
  }
}
