/** Moments of the write path at which tests crash a server. In production nothing listens. */
export type Failpoint = 'before-commit' | 'after-commit' | 'after-answer' | 'after-announce'

export class Failpoints {
  readonly #listeners = new Map<Failpoint, () => void>()

  on(point: Failpoint, act: () => void): void {
    this.#listeners.set(point, act)
  }

  hit(point: Failpoint): void {
    this.#listeners.get(point)?.()
  }
}
