import type { LoggedEvent } from '../store/committed.ts'
import { demand } from './violation.ts'

/** What was committed in the own stream of a user, in one epoch of the store. */
export class OwnHistory {
  readonly userId: string
  readonly events: LoggedEvent[] = []
  /** By channel, of the present membership. */
  readonly #read = new Map<string, number>()

  constructor(userId: string) {
    this.userId = userId
  }

  get head(): number {
    return this.events.length
  }

  add(event: LoggedEvent): void {
    demand(
      event.seq === this.head + 1,
      'I-3',
      () => `own stream of ${this.userId}: ${event.seq} was stored after ${this.head}`,
    )
    this.events.push(event)
    const { channel, channelId, read, seq } = event.data
    if (event.name === 'channel.joined' && channel) this.#read.set(channel.id, seq ?? 0)
    if (read && channelId) this.#readUpTo(channelId, read.seq)
  }

  #readUpTo(channelId: string, seq: number): void {
    const before = this.#read.get(channelId) ?? 0
    demand(
      seq >= before,
      'I-18',
      () => `${this.userId} had read ${channelId} up to ${before}, and now up to ${seq}`,
    )
    this.#read.set(channelId, seq)
  }

  /** The channels of the list at a position, each with the seq from which on its messages are visible. */
  listAt(seq: number): Map<string, number> {
    const list = new Map<string, number>()
    for (const { name, data } of this.events.slice(0, seq)) {
      if (name === 'channel.joined' && data.channel)
        list.set(data.channel.id, data.me?.visibleFrom ?? 0)
      if (name === 'channel.left' && data.channelId) list.delete(data.channelId)
    }
    return list
  }
}
