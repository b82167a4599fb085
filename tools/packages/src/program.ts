import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freshEnvironment } from './npm.ts'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A program that runs, with what it says. Whoever started it ends it. */
export class Program {
  readonly over: Promise<Ended>
  readonly #child: ChildProcess
  readonly #said = { out: '', err: '' }

  constructor(folder: string, words: readonly string[], environment: Record<string, string> = {}) {
    const [command = '', ...rest] = words
    this.#child = spawn(command, rest, {
      cwd: folder,
      env: { ...freshEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npx starts a shell that starts us, and all of them end together.
      detached: true,
    })
    for (const [name, stream] of [
      ['out', this.#child.stdout] as const,
      ['err', this.#child.stderr] as const,
    ])
      stream?.setEncoding('utf8').on('data', (part: string) => {
        this.#said[name] += part
      })
    this.over = once(this.#child, 'close').then(([code]) => ({ code, ...this.#said }))
  }

  /** Resolves with the first group of the pattern once the program has said it. */
  says(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const look = () => {
      const found = pattern.exec(this.#said.out)
      if (found) resolve(found[1] ?? found[0])
    }
    this.#child.stdout?.on('data', look)
    void this.over.then(({ out, err }) => reject(new Error(`It ended and said: ${out}${err}`)))
    look()
    return promise
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Leaves nobody of its group behind. */
  async end(): Promise<void> {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // Nobody is left in the group: the usual case.
    }
    await this.over
  }
}
