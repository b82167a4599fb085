import type { HelloFrame, ServerFrame, WelcomeFrame } from '@tertulia/protocol'
import { now } from '../waiting.ts'
import { type Answer, refusalOf } from './answers.ts'
import { type ChatSocket, openSocket } from './socket.ts'

/** A request that got no answer before its connection ended. */
export interface Unanswered {
  /** Monotonic ms. */
  readonly sentAt: number
  readonly op: string
}

/** Why a connection ended. `bye` when the server announced it. */
export interface Ending {
  readonly code: number
  readonly at: number
  readonly bye: { readonly at: number; readonly reconnectInMs: readonly [number, number] } | null
  readonly unanswered: readonly Unanswered[]
}

export interface ConnectionListener {
  welcome(frame: WelcomeFrame): void
  frame(frame: ServerFrame): void
  ended(ending: Ending): void
}

interface Pending extends Unanswered {
  readonly resolve: (answer: Answer) => void
}

const REQUEST_MS = 10_000

/** One WebSocket connection with its requests. */
export class Connection {
  #socket: ChatSocket | null = null
  readonly #listener: ConnectionListener
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #bye: Ending['bye'] = null
  isOpen = false

  constructor(listener: ConnectionListener) {
    this.#listener = listener
  }

  /** Rejects with `NotOpenedError`; afterwards every end comes through the listener. */
  async open(port: number, hello: HelloFrame): Promise<void> {
    const socket = await openSocket(port, {
      text: (text) => this.#take(JSON.parse(text) as ServerFrame),
      closed: (code) => this.#end(code),
    })
    this.#socket = socket
    socket.send(JSON.stringify(hello))
  }

  /** The answer; `none` when the connection ends or stays silent. */
  request(op: string, data: unknown): Promise<Answer> {
    const socket = this.#socket
    if (!socket || !this.isOpen) return Promise.resolve({ kind: 'none', why: 'not connected' })
    const id = ++this.#lastId
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.#answer(id, { kind: 'none', why: 'no answer in time' }),
        REQUEST_MS,
      )
      const settle = (answer: Answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      this.#pending.set(id, { op, sentAt: now(), resolve: settle })
      socket.send(JSON.stringify({ type: 'request', id, op, data }))
    })
  }

  stopReading(): void {
    this.#socket?.stopReading()
  }

  readOn(): void {
    this.#socket?.readOn()
  }

  close(): void {
    this.#socket?.close()
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.isOpen = true
        this.#listener.welcome(frame)
        return
      case 'response':
        this.#answer(
          frame.id,
          'error' in frame ? refusalOf(frame.error) : { kind: 'data', data: frame.data },
        )
        return
      case 'heartbeat':
        this.#socket?.send('{"type":"heartbeat"}')
        break
      case 'bye':
        this.#bye = { at: now(), reconnectInMs: frame.reconnectInMs }
        break
      default:
        break
    }
    this.#listener.frame(frame)
  }

  #answer(id: number, answer: Answer): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    pending?.resolve(answer)
  }

  #end(code: number): void {
    this.isOpen = false
    const unanswered = [...this.#pending.values()].map(({ op, sentAt }) => ({ op, sentAt }))
    for (const id of [...this.#pending.keys()])
      this.#answer(id, { kind: 'none', why: `closed ${code}` })
    this.#listener.ended({ code, at: now(), bye: this.#bye, unanswered })
  }
}
