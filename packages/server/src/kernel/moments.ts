/** Numbers that hold for a moment and are stored nowhere: companions note them, whoever reads may look. */
export class Moments {
  readonly #values = new Map<string, number>()

  /** Null forgets it. */
  note(name: string, about: string, value: number | null): void {
    const key = `${name}/${about}`
    if (value === null) this.#values.delete(key)
    else this.#values.set(key, value)
  }

  /** Null when nobody noted any. */
  look(name: string, about: string): number | null {
    return this.#values.get(`${name}/${about}`) ?? null
  }
}
