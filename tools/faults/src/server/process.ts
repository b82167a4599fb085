import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { comes, now } from '../waiting.ts'
import { heldQuestion } from './held.ts'

/** What runs: a command, and the port at which it will answer. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const READY_MS = 30_000
const LAST_LINES = 4000

/** One life of one server process. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #port: number
  readonly #startedAt = now()
  readonly exited: Promise<Exit>
  hasExited = false
  /** Monotonic ms of the end; Infinity before. */
  exitedAt = Number.POSITIVE_INFINITY
  #output = ''

  constructor({ command, args, env, port }: Program) {
    this.#port = port
    this.#child = spawn(command, args, {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-LAST_LINES)
      })
    this.exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#output += String(error)
      })
      this.#child.on('close', (code, signal) => {
        this.hasExited = true
        this.exitedAt = now()
        resolve({ code, signal })
      })
    })
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error(`The server was not started. ${this.#output}`)
    return pid
  }

  /** The last lines that the process wrote, for whoever must understand why it failed. */
  get output(): string {
    return this.#output
  }

  /** The ms from the start until `/readyz` says yes. Rejects when the process ends before. */
  async ready(): Promise<number> {
    const isReady = await comes(
      async () => this.hasExited || (await this.answers('/readyz')),
      READY_MS,
    )
    if (!isReady || this.hasExited)
      throw new Error(`The server did not become ready. It said:\n${this.#output}`)
    return now() - this.#startedAt
  }

  /** Whether a health address answers with 200. */
  async answers(path: '/readyz' | '/healthz'): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.#port}${path}`, {
      signal: AbortSignal.timeout(2000),
    }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.ok
      },
      () => false,
    )
  }

  tell(message: object): void {
    this.#child.send(message)
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.hasExited) this.#child.kill(signal)
  }

  /** The MiB that an entry holds; the garbage is collected for this. */
  async heldMib(): Promise<number> {
    const answer = once(this.#child, 'message')
    this.tell(heldQuestion)
    const [bytes] = await answer
    return Number(bytes) / 1024 ** 2
  }
}
