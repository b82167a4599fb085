type Json = Record<string, unknown>

/** Calls the server with nothing but what Node brings; resolves with status and answer. */
export async function call(url: string, wish: { method?: string; token?: string; body?: Json }) {
  const { method = 'GET', token, body } = wish
  const response = await fetch(url, {
    method,
    headers: {
      origin: new URL(url).origin,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: (await response.json()) as Json }
}

/** A client that knows the protocol from its document alone: the WebSocket of Node, and JSON. */
export class Stranger implements Disposable {
  readonly #socket: WebSocket
  readonly #frames: Json[] = []
  #closed: string | undefined
  #wake: () => void = () => undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      this.#frames.push(JSON.parse(String(data)))
      this.#wake()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.#closed = `${code} ${reason}`
      this.#wake()
    })
  }

  /** Resolves when the server has said welcome. */
  static async joins(url: string, token: string): Promise<Stranger> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/ws`)
    const stranger = new Stranger(socket)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', reject)
    })
    stranger.#say({ type: 'hello', protocol: 1, token, device: 'd_stranger', user: null })
    await stranger.hears(({ type }) => type === 'welcome')
    return stranger
  }

  /** Resolves with what the server answers to the operation. */
  async asks(op: string, data: Json): Promise<Json> {
    const id = this.#frames.length + 1
    this.#say({ type: 'request', id, op, data })
    const response = await this.hears((frame) => frame['type'] === 'response' && frame['id'] === id)
    if (response['error'] !== undefined) throw new Error(JSON.stringify(response['error']))
    return response['data'] as Json
  }

  /** Resolves with the first frame, of those that came or will come, that is the one. */
  async hears(isIt: (frame: Json) => boolean): Promise<Json> {
    for (;;) {
      const found = this.#frames.find(isIt)
      if (found) return found
      if (this.#closed !== undefined)
        throw new Error(`Closed with ${this.#closed} after ${JSON.stringify(this.#frames)}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #say(frame: Json): void {
    this.#socket.send(JSON.stringify(frame))
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}
