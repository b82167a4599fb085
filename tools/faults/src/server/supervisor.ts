import type { Program } from './process.ts'
import { ServerProcess } from './process.ts'

/** Keeps a server running at one port: whenever it ends, the next one is started, as any init system would. */
export class Supervisor {
  readonly #program: Program
  /** ms from each start until readiness, the first start included. */
  readonly readyMs: number[] = []
  #process: ServerProcess
  #stopping = false
  #life: Promise<void>
  #ready: Promise<void>
  #failure: unknown = null

  constructor(program: Program) {
    this.#program = program
    this.#process = new ServerProcess(program)
    this.#ready = this.#noteReady(this.#process)
    this.#life = this.#keepUp()
  }

  get process(): ServerProcess {
    return this.#process
  }

  /** Resolves once the present process is ready. Rejects when it never will be. */
  async ready(): Promise<ServerProcess> {
    await this.#ready
    if (this.#failure !== null) throw this.#failure
    return this.#process
  }

  /** Ends the present process with a signal and waits until the next one is ready. */
  async replace(signal: NodeJS.Signals): Promise<ServerProcess> {
    const { process } = this
    process.signal(signal)
    return this.replaced(process)
  }

  /** Waits until this process has ended and the next one is ready. */
  async replaced(process: ServerProcess): Promise<ServerProcess> {
    await process.exited
    // The next one is started by whoever waited for the exit first: the life below.
    await Promise.resolve()
    return this.ready()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#process.signal('SIGKILL')
    await this.#life
  }

  async #keepUp(): Promise<void> {
    for (;;) {
      await this.#process.exited
      if (this.#stopping || this.#failure !== null) return
      this.#process = new ServerProcess(this.#program)
      this.#ready = this.#noteReady(this.#process)
    }
  }

  /** Never rejects: a server that does not come up ends the supervision. */
  async #noteReady(process: ServerProcess): Promise<void> {
    try {
      this.readyMs.push(await process.ready())
    } catch (error) {
      if (!this.#stopping) this.#failure = error
      process.signal('SIGKILL')
    }
  }
}
