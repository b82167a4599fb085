import { turn } from './simStore.ts'

/** One question to the store, from the moment at which it is asked. */
export interface Question {
  /** Called when the answer is there. Resolves when it may be handed on; never, when the process was cut off. */
  answered(): Promise<void>
}

interface Asked {
  readonly order: number
  readonly transaction: object
  readonly handOn: () => void
}

/** Longer than most answers take: only then is it worth asking why one is not there. */
const PATIENCE_MS = 3

/**
 * What one process has asked of a store that answers when it likes. Nothing in a run goes on before all of it is
 * answered. Then the answers are handed on one by one, in the order of the questions: it does not matter which of them
 * was there first.
 */
export class Work {
  readonly #connections: number
  readonly #open = new Set<object>()
  readonly #asked = new Set<Asked>()
  readonly #answered: Asked[] = []
  #changes = 0
  /** What `#changes` was when nothing could be answered. */
  #stuckAt = -1
  #isCut = false
  #wake: () => void = () => {}

  /** `connections`: how many transactions the store works on side by side. */
  constructor(connections: number) {
    this.#connections = connections
  }

  /** From now on the transaction has a connection, or waits for one. */
  begin(transaction: object): void {
    this.#open.add(transaction)
  }

  end(transaction: object): void {
    this.#open.delete(transaction)
  }

  /** Questions of one transaction are answered by one connection. */
  ask(transaction: object): Question {
    const { promise, resolve } = Promise.withResolvers<void>()
    const asked: Asked = { order: this.#changes++, transaction, handOn: resolve }
    this.#asked.add(asked)
    return {
      answered: () => {
        this.#changes++
        this.#asked.delete(asked)
        this.#answered.push(asked)
        this.#wake()
        return promise
      },
    }
  }

  /** The process is gone: nothing is handed on to it any more. */
  cut(): void {
    this.#isCut = true
  }

  /**
   * Hands on answers until there are none. What is still asked then waits for a transaction that itself waits for
   * nothing but the run. `lockWaits` tells how many wait for a lock, or null when they wait for each other.
   */
  async rest(lockWaits: () => Promise<number | null>): Promise<void> {
    for (;;) {
      await turn()
      if (!this.#isCut) await this.#settle(lockWaits)
      const first = this.#isCut ? undefined : this.#takeFirst()
      if (!first) return
      first.handOn()
    }
  }

  async #settle(lockWaits: () => Promise<number | null>): Promise<void> {
    while (this.#inStore() > 0 && this.#stuckAt !== this.#changes) {
      if (await this.#isAnsweredSoon()) continue
      const changes = this.#changes
      if ((await lockWaits()) === this.#inStore()) this.#stuckAt = changes
    }
  }

  /** How many transactions have asked something, without those that wait for a connection. */
  #inStore(): number {
    const asking = new Set([...this.#asked].map(({ transaction }) => transaction)).size
    return asking - Math.max(0, this.#open.size - this.#connections)
  }

  #isAnsweredSoon(): Promise<boolean> {
    return new Promise((resolve) => {
      const patience = setTimeout(() => resolve(false), PATIENCE_MS)
      this.#wake = () => {
        clearTimeout(patience)
        resolve(true)
      }
    })
  }

  #takeFirst(): Asked | undefined {
    this.#answered.sort((one, other) => one.order - other.order)
    return this.#answered.shift()
  }
}
