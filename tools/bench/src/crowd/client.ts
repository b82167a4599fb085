import { connect, type Socket } from 'node:net'
import type { Dialect } from './dialects.ts'
import {
  CLOSE,
  clientFrame,
  type FramePlace,
  findFrame,
  PING,
  PONG,
  TEXT,
  textFrame,
} from './frames.ts'

/** Frames that were asked for, over all clients of a crowd. */
export interface Counter {
  count: number
  /** Called when `count` reaches `goal`. */
  goal: number
  reached: () => void
}

export interface ClientOptions {
  readonly port: number
  readonly dialect: Dialect
  readonly counter: Counter
  /** The connection ended, or was refused, without being asked to. */
  readonly lost: (reason: string) => void
}

const place: FramePlace = { opcode: 0, start: 0, end: 0 }
const END_OF_HEAD = Buffer.from('\r\n\r\n')

/** A WebSocket client as cheap as possible: it counts frames and reads only those that it must answer. */
export class Client {
  readonly #options: ClientOptions
  readonly #net: Socket
  readonly #counted: Buffer
  readonly #ready: () => void
  #isOpen = false
  #rest: Buffer | null = null
  #leaving = false
  /** What an asked question waits for, by the text that its answer begins with. */
  onText: ((text: string) => void) | null = null

  private constructor(options: ClientOptions, ready: () => void, failed: (error: Error) => void) {
    this.#options = options
    this.#ready = ready
    this.#counted = Buffer.from(options.dialect.counted)
    this.#net = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
    this.#net.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#net.on('error', failed)
    this.#net.on('close', () => this.#closed(failed))
    this.#net.write(options.dialect.upgrade)
  }

  /** Resolves when the server has let the client in, by the rules of the dialect. */
  static open(options: ClientOptions): Promise<Client> {
    return new Promise((resolve, reject) => {
      const client = new Client(options, () => resolve(client), reject)
    })
  }

  send(text: string): void {
    this.#net.write(textFrame(text))
  }

  /** Several frames in one write. */
  sendAll(texts: readonly string[]): void {
    this.#net.write(Buffer.concat(texts.map(textFrame)))
  }

  leave(): void {
    this.#leaving = true
    this.#net.destroy()
  }

  #closed(failed: (error: Error) => void): void {
    if (this.#leaving) return
    failed(new Error('The server closed the connection during the handshake.'))
    this.#options.lost('the connection ended')
  }

  #take(chunk: Buffer): void {
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = null
    let at = this.#isOpen ? 0 : this.#finishUpgrade(data)
    if (at < 0) {
      this.#rest = data
      return
    }
    while (findFrame(data, at, place)) {
      at = place.end
      this.#frame(data, place.opcode, place.start)
    }
    if (at < data.length) this.#rest = data.subarray(at)
  }

  /** Returns where the frames begin, or -1 when the answer is not there as a whole. */
  #finishUpgrade(data: Buffer): number {
    const end = data.indexOf(END_OF_HEAD)
    if (end < 0) return -1
    const status = data.toString('latin1', 9, 12)
    if (status !== '101') {
      this.#options.lost(`the upgrade was answered with ${data.toString()}`)
      this.leave()
      return data.length
    }
    this.#isOpen = true
    this.#hear(null)
    return end + END_OF_HEAD.length
  }

  #frame(data: Buffer, opcode: number, start: number): void {
    const { end } = place
    if (opcode === TEXT) {
      if (this.#isCounted(data, start)) this.#count()
      else this.#hear(data.toString('utf8', start, end))
    } else if (opcode === PING) this.#net.write(clientFrame(PONG, data.subarray(start, end)))
    else if (opcode === CLOSE && end - start >= 2)
      this.#options.lost(
        `closed with ${data.readUInt16BE(start)} ${data.toString('utf8', start + 2, end)}`,
      )
  }

  #isCounted(data: Buffer, start: number): boolean {
    const counted = this.#counted
    for (let at = 0; at < counted.length; at++) if (data[start + at] !== counted[at]) return false
    return counted.length > 0
  }

  #count(): void {
    const { counter } = this.#options
    if (++counter.count === counter.goal) counter.reached()
  }

  #hear(text: string | null): void {
    const reaction = this.#options.dialect.hear(text)
    if (reaction.say !== undefined) this.send(reaction.say)
    if (reaction.isIn) this.#ready()
    if (text !== null) this.onText?.(text)
  }
}
