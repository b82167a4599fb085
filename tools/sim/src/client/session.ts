import { type ErrorBody, LIMITS, type ServerFrame, type WelcomeFrame } from '@tertulia/protocol'
import { Returning } from './returning.ts'
import type { Link, Outcome, Surroundings, Timer } from './surroundings.ts'

export interface SessionOptions {
  readonly surroundings: Surroundings
  /** The hello for now. */
  readonly hello: (token: string) => object
  readonly welcomed: (welcome: WelcomeFrame) => void
  readonly frame: (frame: ServerFrame) => void
  /** The connection is over; what was asked on it stays unanswered. */
  readonly lost: () => void
  /** Asks for anything, to see whether somebody is there. */
  readonly probe: () => void
  /** After a close with `sync_first`: bring the streams up to date over REST, then go on. */
  readonly syncFirst: (done: () => void) => void
}

interface Unanswered {
  readonly done: (outcome: Outcome) => void
  readonly timer: Timer
}

const WELCOME_MS = 10_000
const REQUEST_MS = 10_000
const PROBE_MS = 3_000
const LOST = 1006

/** Keeps one device connected: hello, requests, signs of life, closing and coming back (sections 5, 12 and 13). */
export class Session {
  state: 'offline' | 'waiting' | 'connecting' | 'open' = 'offline'
  readonly #options: SessionOptions
  readonly #returning: Returning
  #link: Link | null = null
  #token: string | null = null
  /** Changes with every connection, and with every wish for one. */
  #attempt = {}
  #requests = new Map<number, Unanswered>()
  #lastId = 0
  #lastFrameAt = 0
  #heartbeatMs: number = LIMITS.heartbeatMs
  #timer: Timer | null = null

  constructor(options: SessionOptions) {
    this.#options = options
    this.#returning = new Returning(options.surroundings)
  }

  isOpen(): boolean {
    return this.state === 'open'
  }

  connect(): void {
    if (this.state === 'connecting' || this.state === 'open') return
    this.state = 'connecting'
    if (this.#token === null) this.#fetchToken(() => this.#dial())
    else this.#dial()
  }

  /** Goes on only if nothing else was wanted in the meantime. */
  #fetchToken(then: (token: string) => void): void {
    const attempt = this.#attempt
    this.#wait(WELCOME_MS, () => this.giveUp())
    this.#options.surroundings.fetchToken((token) => {
      if (this.#attempt !== attempt) return
      this.#token = token
      then(token)
    })
  }

  #dial(): void {
    const mine: { link: Link | null } = { link: null }
    const isCurrent = () => this.#link === mine.link
    mine.link = this.#options.surroundings.dial({
      opened: () => isCurrent() && this.#sendHello(),
      text: (text) => isCurrent() && this.#take(JSON.parse(text) as ServerFrame),
      closed: (code) => isCurrent() && this.#end(code),
    })
    this.#link = mine.link
    this.#wait(WELCOME_MS, () => this.giveUp())
  }

  /** Ends the connection on purpose and stays away. */
  disconnect(): void {
    this.#drop(1000)
    this.#returning.gaveUp()
    this.state = 'offline'
  }

  /** Nothing was heard for too long. */
  giveUp(): void {
    this.#drop(1000)
    this.#returning.gaveUp()
    this.#comeBack(LOST)
  }

  request(op: string, data: object, done: (outcome: Outcome) => void): void {
    const id = ++this.#lastId
    const timer = this.#options.surroundings.after(REQUEST_MS, () => this.#timeOut(id))
    this.#requests.set(id, { done, timer })
    this.#send({ type: 'request', id, op, data })
  }

  #sendHello(): void {
    this.#send(this.#options.hello(this.#token ?? ''))
  }

  #send(frame: object): void {
    this.#link?.send(JSON.stringify(frame))
  }

  #take(frame: ServerFrame): void {
    this.#lastFrameAt = this.#options.surroundings.now()
    switch (frame.type) {
      case 'welcome':
        this.#welcome(frame)
        return
      case 'response':
        this.#answer(frame.id, outcomeOf(frame))
        return
      case 'auth':
        this.#renew()
        return
      case 'bye':
        this.#returning.bye(frame.reconnectInMs)
        return
      case 'heartbeat':
        this.#send({ type: 'heartbeat' })
    }
    this.#options.frame(frame)
  }

  /** The token expires soon: nothing else changes (CONN-8). */
  #renew(): void {
    const link = this.#link
    this.#options.surroundings.fetchToken((token) => {
      if (this.#link !== link) return
      this.#token = token
      this.request('session.renew', { token }, () => {})
    })
  }

  #welcome(frame: WelcomeFrame): void {
    this.state = 'open'
    this.#heartbeatMs = frame.heartbeatMs
    this.#returning.welcomed()
    this.#watch()
    this.#options.welcomed(frame)
  }

  /** Any frame counts as a sign of life (BEAT-4). */
  #watch(): void {
    const { surroundings } = this.#options
    const deadAt = this.#lastFrameAt + this.#heartbeatMs + LIMITS.heartbeatAnswerMs
    this.#wait(Math.max(0, deadAt - surroundings.now()) + 1, () => {
      const silence = surroundings.now() - this.#lastFrameAt
      if (silence > this.#heartbeatMs + LIMITS.heartbeatAnswerMs) this.giveUp()
      else this.#watch()
    })
  }

  /** A request without an answer: is anybody there? */
  #timeOut(id: number): void {
    const unanswered = this.#requests.get(id)
    if (!unanswered) return
    this.#requests.delete(id)
    this.#probe()
    unanswered.done({ kind: 'lost' })
  }

  #probe(): void {
    const { surroundings, probe } = this.#options
    const askedAt = surroundings.now()
    const link = this.#link
    if (!this.isOpen()) return
    probe()
    surroundings.after(PROBE_MS, () => {
      if (this.#link === link && this.#lastFrameAt < askedAt) this.giveUp()
    })
  }

  #answer(id: number, outcome: Outcome): void {
    const unanswered = this.#requests.get(id)
    this.#requests.delete(id)
    unanswered?.timer.cancel()
    unanswered?.done(outcome)
  }

  #end(code: number): void {
    this.#drop(null)
    this.#comeBack(code)
  }

  #comeBack(code: number): void {
    const decision = this.#returning.after(code)
    if (decision.kind === 'return' && decision.fetchToken) this.#token = null
    if (decision.kind === 'stop') {
      this.state = 'offline'
      return
    }
    this.state = 'waiting'
    const connect = () => {
      if (this.state === 'waiting') this.#wait(decision.ms, () => this.connect())
    }
    if (decision.syncFirst) this.#options.syncFirst(connect)
    else connect()
  }

  /** Leaves the link; whatever it still brings is not heard. */
  #drop(code: number | null): void {
    const link = this.#link
    this.#link = null
    this.#attempt = {}
    // A token that no welcome has answered may be revoked, or get too old while nobody answers.
    if (!this.isOpen()) this.#token = null
    this.#timer?.cancel()
    this.#returning.ended()
    if (code !== null) link?.close(code)
    const unanswered = [...this.#requests.values()]
    this.#requests = new Map()
    this.state = 'waiting'
    this.#options.lost()
    for (const { done, timer } of unanswered) {
      timer.cancel()
      done({ kind: 'lost' })
    }
  }

  #wait(ms: number, run: () => void): void {
    this.#timer?.cancel()
    this.#timer = this.#options.surroundings.after(ms, run)
  }
}

function outcomeOf(frame: { readonly data?: unknown; readonly error?: ErrorBody }): Outcome {
  if (!frame.error) return { kind: 'answer', data: frame.data }
  const { code, retryAfterMs = 0 } = frame.error
  return { kind: 'refusal', code, retryAfterMs }
}
