export interface Appointment {
  cancel(): void
}

interface Entry {
  readonly at: number
  readonly order: number
  run: (() => void) | null
}

/** What is to happen, in the order of simulated time. Nothing happens by itself: somebody calls `step`. */
export class Schedule {
  /** Simulated ms since the start of the run. */
  now = 0
  readonly #heap: Entry[] = []
  #order = 0

  after(ms: number, run: () => void): Appointment {
    return this.at(this.now + ms, run)
  }

  at(moment: number, run: () => void): Appointment {
    const entry: Entry = { at: Math.max(moment, this.now), order: this.#order++, run }
    this.#rise(this.#heap.push(entry) - 1, entry)
    return {
      cancel() {
        entry.run = null
      },
    }
  }

  /** Lets the next thing happen. False when nothing is left. */
  step(): boolean {
    for (;;) {
      const entry = this.#take()
      if (!entry) return false
      if (!entry.run) continue
      this.now = entry.at
      entry.run()
      return true
    }
  }

  #take(): Entry | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first && last && first !== last) this.#sink(last)
    return first
  }

  #rise(from: number, entry: Entry): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#heap[above]
      if (!parent || !isBefore(entry, parent)) break
      this.#heap[place] = parent
      place = above
    }
    this.#heap[place] = entry
  }

  #sink(entry: Entry): void {
    let place = 0
    for (;;) {
      const below = this.#earlierChild(place)
      const child = this.#heap[below]
      if (!child || !isBefore(child, entry)) break
      this.#heap[place] = child
      place = below
    }
    this.#heap[place] = entry
  }

  #earlierChild(place: number): number {
    const left = place * 2 + 1
    const [one, other] = [this.#heap[left], this.#heap[left + 1]]
    return one && other && isBefore(other, one) ? left + 1 : left
  }
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)
