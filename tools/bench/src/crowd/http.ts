import { connect, type Socket } from 'node:net'

const END_OF_HEAD = Buffer.from('\r\n\r\n')

interface Waiting {
  readonly resolve: (body: Buffer) => void
  readonly reject: (error: Error) => void
}

/** One HTTP connection that is kept alive and pipelines; only for answers with a length. */
export class HttpLine {
  readonly #net: Socket
  readonly #waiting: Waiting[] = []
  #rest: Buffer = Buffer.alloc(0)

  constructor(port: number) {
    this.#net = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#net.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#net.on('error', (error) => this.#fail(error))
    this.#net.on('close', () => this.#fail(new Error('The server closed the HTTP connection.')))
  }

  /** Sends whole requests in one write; resolves with the bodies of their answers, which must all be 200. */
  ask(requests: readonly string[]): Promise<Buffer[]> {
    const answers = requests.map(
      () => new Promise<Buffer>((resolve, reject) => this.#waiting.push({ resolve, reject })),
    )
    this.#net.write(requests.join(''))
    return Promise.all(answers)
  }

  close(): void {
    this.#net.destroy()
  }

  #take(chunk: Buffer): void {
    let data = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const head = data.indexOf(END_OF_HEAD)
      if (head < 0) break
      const text = data.toString('latin1', 0, head)
      const end = head + END_OF_HEAD.length + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (data.length < end) break
      this.#answer(text, data.subarray(head + END_OF_HEAD.length, end))
      data = data.subarray(end)
    }
    this.#rest = data
  }

  #answer(head: string, body: Buffer): void {
    const waiting = this.#waiting.shift()
    if (head.startsWith('HTTP/1.1 200')) waiting?.resolve(body)
    else waiting?.reject(new Error(`The server answered ${head}\n${body.toString()}`))
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}

export interface RequestParts {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly bearer: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export function requestText({ method, path, bearer, headers = {}, body }: RequestParts): string {
  const text = body === undefined ? '' : JSON.stringify(body)
  const all: Record<string, string> = {
    Host: '127.0.0.1',
    Authorization: `Bearer ${bearer}`,
    ...headers,
  }
  if (body !== undefined) {
    all['Content-Type'] = 'application/json'
    all['Content-Length'] = String(Buffer.byteLength(text))
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
}
