const REQUEST_MS = 10_000
const STABLE_MS = 60_000
const CAP_MS = 30_000
/** A revocation counts in whole seconds: a token that was minted in the same second is refused too. */
const NEW_TOKEN_MS = 1000
/** Refused tokens in a row after which it is tried more seldom. */
const TOKEN_TRIES = 3
const LONG_CAP_MS = 60_000
/** Close codes after which trying again would only repeat the refusal. */
const STOP = new Set([1002, 1003, 1007, 1009, 4400, 4403, 4409, 4413, 4426])

class RequestError extends Error {
  constructor({ code, message, retryAfterMs }) {
    super(message)
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * One WebSocket that comes back: hello with the present cursors, answers by id, back-off with full jitter. Tells
 * `handlers.welcome`, `.frame` and `.state` ('connecting' | 'open' | 'stopped').
 */
export class Connection {
  #fetchToken
  #hello
  #handlers
  #socket = null
  #requests = new Map()
  #lastId = 0
  #tries = 0
  #tokenTries = 0
  #openedAt = 0
  #heartbeatMs = 25_000
  #lastFrameAt = 0
  #floorMs = 0

  constructor({ fetchToken, hello, handlers }) {
    this.#fetchToken = fetchToken
    this.#hello = hello
    this.#handlers = handlers
    setInterval(() => this.#checkAlive(), 5000)
    addEventListener('online', () => this.#checkAlive())
    document.addEventListener('visibilitychange', () => this.#checkAlive())
  }

  async open() {
    this.#handlers.state('connecting')
    let token
    try {
      token = await this.#fetchToken()
    } catch {
      return this.#comeBack()
    }
    const socket = new WebSocket(
      `${location.origin.replace(/^http/, 'ws')}/v1/ws`,
      'tertulia.v1.json',
    )
    this.#socket = socket
    this.#lastFrameAt = Date.now()
    socket.onopen = () =>
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, token, ...this.#hello() }))
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data))
    socket.onclose = ({ code }) => this.#closed(socket, code)
  }

  /** Rejects with a RequestError; a lost connection rejects with the code `unavailable`. */
  request(op, data) {
    return new Promise((resolve, reject) => {
      const lost = new RequestError({ code: 'unavailable', message: 'There is no connection.' })
      if (this.#socket?.readyState !== WebSocket.OPEN || !this.#openedAt) return reject(lost)
      const id = ++this.#lastId
      const timer = setTimeout(() => {
        this.#requests.delete(id)
        reject(lost)
      }, REQUEST_MS)
      this.#requests.set(id, { resolve, reject, timer })
      this.#socket.send(JSON.stringify({ type: 'request', id, op, data }))
    })
  }

  /** Without an answer, and without a word when there is no connection. */
  tell(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN && this.#openedAt)
      this.#socket.send(JSON.stringify(frame))
  }

  #receive(frame) {
    this.#lastFrameAt = Date.now()
    if (frame.type === 'welcome') {
      this.#openedAt = Date.now()
      this.#heartbeatMs = frame.heartbeatMs
      this.#handlers.welcome(frame)
      this.#handlers.state('open')
    } else if (frame.type === 'response') this.#answer(frame)
    else if (frame.type === 'bye') {
      const [low, high] = frame.reconnectInMs
      this.#floorMs = low + Math.random() * (high - low)
    } else if (frame.type === 'auth') void this.#renew()
    else {
      if (frame.type === 'heartbeat') this.#socket?.send('{"type":"heartbeat"}')
      this.#handlers.frame(frame)
    }
  }

  #answer({ id, data, error }) {
    const waiting = this.#requests.get(id)
    if (!waiting) return
    this.#requests.delete(id)
    clearTimeout(waiting.timer)
    if (error) waiting.reject(new RequestError(error))
    else waiting.resolve(data)
  }

  async #renew() {
    await this.request('session.renew', { token: await this.#fetchToken() }).catch(() => undefined)
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return
    this.#socket = null
    for (const { reject, timer } of this.#requests.values()) {
      clearTimeout(timer)
      reject(new RequestError({ code: 'unavailable', message: 'The connection was lost.' }))
    }
    this.#requests.clear()
    if (STOP.has(code)) return this.#handlers.state('stopped', code)
    if (this.#openedAt && Date.now() - this.#openedAt > STABLE_MS) {
      this.#tries = 0
      this.#tokenTries = 0
    }
    this.#openedAt = 0
    if (code === 4401) {
      this.#tokenTries++
      this.#floorMs = Math.max(this.#floorMs, NEW_TOKEN_MS)
    }
    this.#comeBack()
  }

  #comeBack() {
    this.#handlers.state('connecting')
    const cap = this.#tokenTries > TOKEN_TRIES ? LONG_CAP_MS : CAP_MS
    const delay = Math.max(this.#floorMs, Math.random() * Math.min(cap, 1000 * 2 ** this.#tries++))
    this.#floorMs = 0
    setTimeout(() => this.open(), delay)
  }

  #checkAlive() {
    if (this.#socket && Date.now() - this.#lastFrameAt > this.#heartbeatMs + 15_000)
      this.#socket.close()
  }
}
