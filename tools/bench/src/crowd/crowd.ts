import { performance } from 'node:perf_hooks'
import { userId } from '../store/people.ts'
import { Client, type Counter } from './client.ts'
import { type DialectWish, dialectOf } from './dialects.ts'

export interface ArrivalWish {
  readonly port: number
  readonly dialect: DialectWish
  /** Users `first` to `first + count - 1` connect. */
  readonly first: number
  readonly count: number
  /** Handshakes under way at any moment. */
  readonly atOnce: number
}

/** Many clients in one process. */
export class Crowd {
  readonly counter: Counter = { count: 0, goal: -1, reached: () => {} }
  #clients: Client[] = []
  #losses: string[] = []
  #alarm: (error: Error) => void = () => {}

  /** Connects clients and keeps them. Returns the seconds that it took. */
  async arrive({ port, dialect, first, count, atOnce }: ArrivalWish): Promise<number> {
    const begun = performance.now()
    let next = first
    const lane = async () => {
      while (next < first + count) this.#clients.push(await this.open(port, dialect, next++))
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane))
    this.check()
    return (performance.now() - begun) / 1000
  }

  open(port: number, dialect: DialectWish, user: number): Promise<Client> {
    const lost = (reason: string) => this.#lose(`user ${user}: ${reason}`)
    return Client.open({
      port,
      dialect: dialectOf(dialect, userId(user)),
      counter: this.counter,
      lost,
    })
  }

  #lose(reason: string): void {
    this.#losses.push(reason)
    this.#alarm(new Error(`A client was lost: ${reason}.`))
  }

  /** Throws when somebody was lost: a figure with fewer clients than it says would be wrong. */
  check(): void {
    if (this.#losses.length > 0)
      throw new Error(
        `${this.#losses.length} clients were lost, the first because ${this.#losses[0]}.`,
      )
  }

  /** Does something and resolves when `more` counted frames have come in after it. */
  async until(more: number, act: () => void): Promise<void> {
    const { counter } = this
    await new Promise<void>((resolve, reject) => {
      counter.goal = counter.count + more
      counter.reached = resolve
      this.#alarm = reject
      act()
    })
    this.#alarm = () => {}
  }

  leave(): void {
    for (const client of this.#clients) client.leave()
    this.#clients = []
    this.#losses = []
    this.counter.count = 0
  }

  get clients(): readonly Client[] {
    return this.#clients
  }
}
