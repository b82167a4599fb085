import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Records } from './records.ts'

/** Stores when people were last active: rarely, and many at once. */
export class Activity {
  readonly #ground: Ground
  readonly #records: Records
  #waiting = new Map<string, number>()
  readonly #timer: Later<'save'>
  #stopped = false

  constructor(ground: Ground, records: Records) {
    this.#ground = ground
    this.#records = records
    this.#timer = new Later({
      ...ground,
      ms: ground.limits.lastActiveSaveMs,
      run: () => this.#save(),
    })
  }

  note(uid: string, at: number): void {
    if (this.#stopped) return
    this.#waiting.set(uid, at)
    if (!this.#timer.has('save')) this.#timer.put('save')
  }

  stop(): void {
    this.#stopped = true
    this.#timer.clear()
    this.#save()
  }

  #save(): void {
    const all = [...this.#waiting]
    this.#waiting = new Map()
    const most = this.#ground.limits.sweepRows
    for (let from = 0; from < all.length; from += most)
      this.#saveSome(new Map(all.slice(from, from + most)))
  }

  /** What the store does not take now it gets with the next ones, unless something newer came. */
  #saveSome(some: ReadonlyMap<string, number>): void {
    this.#records.save(some).catch((error) => {
      this.#ground.log.warn({ err: error }, 'the last activity was not stored')
      for (const [uid, at] of some) if (!this.#waiting.has(uid)) this.note(uid, at)
    })
  }
}
