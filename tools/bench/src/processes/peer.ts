import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pinned } from './cores.ts'

export interface PeerOptions {
  /** The file to run, relative to `src`. */
  readonly script: string
  /** The core that it may use, where the machine lets us choose; null for any. */
  readonly core: number | null
  readonly args?: readonly string[]
  /** Options of Node itself. */
  readonly flags?: readonly string[]
}

interface Reply {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

interface Asked {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** A process of ours: a server or a crowd of clients. It ends with this process, whatever happens. */
export class Peer implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #asked = new Map<number, Asked>()
  #questions = 0

  constructor({ script, core, args = [], flags = [] }: PeerOptions) {
    const [command = '', ...rest] = pinned(core, [
      process.execPath,
      '--conditions=tertulia-source',
      '--disable-warning=ExperimentalWarning',
      '--expose-gc',
      ...flags,
      ...profiling(script),
      join(import.meta.dirname, '..', script),
      ...args,
    ])
    this.#child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('message', (reply: Reply) => this.#take(reply))
    this.#child.on('exit', (code, signal) => this.#ended(`${script} ended (${signal ?? code}).`))
  }

  /** Asks the process to do something by name. Rejects when it fails or ends. */
  ask<Answer>(name: string, input: unknown = null): Promise<Answer> {
    const id = ++this.#questions
    return new Promise<Answer>((resolve, reject) => {
      this.#asked.set(id, { resolve: (answer) => resolve(answer as Answer), reject })
      this.#child.send({ id, name, input })
    })
  }

  #take({ id, answer, error }: Reply): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(error))
  }

  #ended(reason: string): void {
    for (const { reject } of this.#asked.values()) reject(new Error(reason))
    this.#asked.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.disconnect()
    await ended
  }
}

/** `BENCH_PROFILE=folder` writes a CPU profile of every server there: to find out why, never for figures. */
const profiling = (script: string): string[] => {
  const folder = process.env['BENCH_PROFILE']
  return folder && script.startsWith('peers/') ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []
}
