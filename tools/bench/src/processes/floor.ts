import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Usage } from './answers.ts'
import type { Contestant } from './contestant.ts'
import { pinned, SERVER_CORE } from './cores.ts'

const SOURCE = join(import.meta.dirname, '..', '..', 'floor', 'floor.c')

/** The kernel's floor, compiled on the spot. Null, and loudly so, where there is no C compiler. */
export class Floor implements Contestant {
  readonly port: number
  readonly #child: Child
  readonly #lines: AsyncIterator<string>
  readonly #folder: string

  private constructor(
    port: number,
    parts: { child: Child; lines: AsyncIterator<string>; folder: string },
  ) {
    this.port = port
    this.#child = parts.child
    this.#lines = parts.lines
    this.#folder = parts.folder
  }

  static async start(payload: string): Promise<Floor | null> {
    const folder = mkdtempSync(join(tmpdir(), 'tertulia-floor-'))
    const program = join(folder, 'floor')
    const compiled = spawnSync('cc', ['-O2', '-Wall', '-o', program, SOURCE], { encoding: 'utf8' })
    if (compiled.status !== 0) {
      rmSync(folder, { recursive: true, force: true })
      console.error(
        `SKIPPED: the kernel's floor was not measured: ${compiled.stderr?.trim() || 'there is no C compiler'}. ` +
          'Without it nobody sees how much of a delivery is the kernel. Install cc and run again.',
      )
      return null
    }
    const [command = '', ...args] = pinned(SERVER_CORE, [program, payload])
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = linesOf(child)
    return new Floor(Number((await lines.next()).value), { child, lines, folder })
  }

  async usage(): Promise<Usage> {
    const [user = 0, system = 0] = await this.#ask()
    return { user, system }
  }

  async rss(): Promise<number> {
    const [, , rss = 0] = await this.#ask()
    return rss
  }

  async #ask(): Promise<number[]> {
    this.#child.stdin.write('usage\n')
    return String((await this.#lines.next()).value)
      .split(' ')
      .map(Number)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.stdin.end()
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

type Child = ChildProcessByStdio<Writable, Readable, null>

const linesOf = (child: Child): AsyncIterator<string> => {
  const lines: Interface = createInterface({ input: child.stdout })
  return lines[Symbol.asyncIterator]()
}
