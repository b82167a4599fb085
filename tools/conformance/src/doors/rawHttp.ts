import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Ears } from '../ears.ts'
import { until } from '../until.ts'

/** One HTTP answer, as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly afterMs: number
}

/** A TCP connection to an HTTP server, for what no HTTP client would send. */
export class RawHttp {
  readonly #socket: Socket
  readonly #begun = performance.now()
  #heard = Buffer.alloc(0)
  ended = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#heard = Buffer.concat([this.#heard, chunk])
    })
    // A server that refuses before it has read everything resets the connection.
    socket.on('error', () => {})
    socket.on('end', () => this.#end())
    socket.on('close', () => this.#end())
  }

  static open(url: string): RawHttp {
    const { hostname, port } = new URL(url)
    return new RawHttp(connect(Number(port || 80), hostname.replace(/^\[|\]$/g, '')))
  }

  #end(): void {
    this.ended = true
  }

  say(bytes: string | Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  /** The first answer, or null when the server hangs up without one. Interim answers are skipped. */
  async answer(ears: Ears, deadlineMs?: number): Promise<RawAnswer | null> {
    const found = await until(
      'an HTTP answer',
      () => firstAnswer(this.#heard) ?? (this.ended ? 'nothing' : null),
      deadlineMs,
    )
    ears.note('a raw answer', this.#heard.toString())
    return found === 'nothing' ? null : { ...found, afterMs: performance.now() - this.#begun }
  }

  /** Waits until the server has hung up. */
  async isEnded(deadlineMs?: number): Promise<void> {
    await until('the server hangs up', () => this.ended, deadlineMs)
  }

  drop(): void {
    this.#socket.destroy()
  }
}

type Answer = Omit<RawAnswer, 'afterMs'>

function firstAnswer(heard: Buffer): Answer | null {
  const end = heard.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [first = '', ...lines] = heard.subarray(0, end).toString('latin1').split('\r\n')
  const rest = heard.subarray(end + 4)
  const status = Number(first.split(' ')[1])
  if (status === 100) return firstAnswer(rest)
  const headers = new Headers(lines.map(pairOf))
  const length = Number(headers.get('content-length') ?? 0)
  return rest.length < length
    ? null
    : { status, headers, text: rest.subarray(0, length).toString() }
}

function pairOf(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}
