import type { Engine } from '@tertulia/server'
import { type Life, never } from '../server/life.ts'
import type { Question, Work } from './work.ts'

export interface SteppedOptions {
  readonly work: Work
  readonly life: Life
  /** The longest time that an answer takes in the run, in ms. */
  readonly answerMs: number
  /** Rejects when the process is gone. */
  readonly cutOff: Promise<never>
}

type Snapshot = Parameters<Parameters<Engine['read']>[0]>[0]
type Changes = Parameters<Parameters<Engine['write']>[0]>[0]

/**
 * A store whose answers take time of the run, so that transactions are open side by side. What is committed stays the
 * store's own affair. A process that is dying commits nothing any more.
 */
export const steppedEngine = (engine: Engine, options: SteppedOptions): Engine => ({
  dialect: engine.dialect,
  serial: engine.serial,
  read: (job) => {
    const steps = new Steps(options)
    return steps.around(engine.read((db) => steps.inside(() => job(steps.read(db)))))
  },
  write: (job) => {
    const steps = new Steps(options)
    return steps.around(engine.write((tx) => steps.inside(() => steps.last(job(steps.change(tx))))))
  },
  close: () => engine.close(),
})

/** One transaction: a connection is asked for, then answers, then the commit. */
class Steps {
  readonly #options: SteppedOptions
  /** For the connection at first, for the commit in the end. */
  #question: Question
  /** An answer never overtakes the one before. */
  #last: Promise<void> = Promise.resolve()

  constructor(options: SteppedOptions) {
    this.#options = options
    options.work.begin(this)
    this.#question = options.work.ask(this)
  }

  async around<T>(whole: Promise<T>): Promise<T> {
    try {
      return await whole
    } finally {
      this.#options.work.end(this)
      await this.#question.answered()
    }
  }

  /** A job of a process that is gone fails, so that its connection is thrown away. */
  async inside<T>(job: () => Promise<T>): Promise<T> {
    const { work, cutOff } = this.#options
    try {
      return await Promise.race([this.#question.answered().then(job), cutOff])
    } finally {
      this.#question = work.ask(this)
    }
  }

  /** Nothing is committed by a process that is dying. */
  async last<T>(job: Promise<T>): Promise<T> {
    const result = await job
    return this.#options.life.vigour === 'alive' ? result : never()
  }

  read(db: Snapshot): Snapshot {
    return { ...db, all: (query, values) => this.#late(db.all(query, values)) }
  }

  change(tx: Changes): Changes {
    return {
      ...tx,
      all: (query, values) => this.#late(tx.all(query, values)),
      run: (query, values) => this.#late(tx.run(query, values)),
      put: (query, values) => tx.put(query, values),
    }
  }

  async #late<T>(answer: Promise<T>): Promise<T> {
    const { work, life, answerMs } = this.#options
    const question = work.ask(this)
    try {
      return await answer
    } finally {
      await question.answered()
      this.#last = this.#last.then(() => life.pause(answerMs))
      await this.#last
    }
  }
}
