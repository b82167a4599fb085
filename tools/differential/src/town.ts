import type { Chance } from '@tertulia/sim/chance'

interface Sent {
  readonly channelId: string
  readonly id: string
  readonly seq: number
}

interface Place {
  readonly channelId: string
  readonly clientId: string
}

interface Later {
  readonly place: Place
  /** Whose it is. */
  readonly author: string
}

/** What the operations so far have made: enough to ask for things that exist, most of the time. */
export class Town {
  readonly users: readonly string[] = Array.from({ length: 24 }, (_, index) => `user-${index}`)
  /** The ids of those that exist in the store, by the app's id. */
  readonly uids = new Map<string, string>()
  /** The time of both products, in ms. */
  now = 0
  channels: string[] = []
  messages: Sent[] = []
  readonly scheduled: Later[] = []
  readonly cursors: { readonly op: string; readonly input: object; readonly cursor: string }[] = []
  readonly #clientIds: string[] = []
  #made = 0

  user(chance: Chance): string {
    return chance.happens(0.03) ? 'nobody' : chance.pick(this.users)
  }

  channel(chance: Chance): string {
    const recent = this.channels.slice(-12)
    return chance.happens(0.03) || recent.length === 0 ? '1' : chance.pick(recent)
  }

  message(chance: Chance): Sent {
    const recent = this.messages.slice(-60)
    return recent.length === 0 ? { channelId: '1', id: '1', seq: 1 } : chance.pick(recent)
  }

  /** Something that somebody scheduled; it may be gone. */
  later(chance: Chance): Later {
    const recent = chance.pickOrNone(this.scheduled.slice(-10))
    if (recent) return recent
    const place = { channelId: this.channel(chance), clientId: this.clientId(chance) }
    return { place, author: this.user(chance) }
  }

  /** A new one, or one that was used before: a retry, or a reuse. */
  clientId(chance: Chance): string {
    const known = chance.happens(0.1) ? chance.pickOrNone(this.#clientIds.slice(-20)) : null
    if (known) return known
    const made = `019a9f2e-8c4b-7000-8000-${String(++this.#made).padStart(12, '0')}`
    this.#clientIds.push(made)
    return made
  }

  /** Learns from an answer to somebody what there is now. */
  learn(data: unknown, by: string): void {
    if (typeof data !== 'object' || data === null) return
    const { channel, message, scheduled } = data as {
      readonly channel?: { readonly id: string }
      readonly message?: Sent
      readonly scheduled?: Place | null
    }
    if (scheduled && 'clientId' in scheduled)
      this.scheduled.push({
        place: { channelId: scheduled.channelId, clientId: scheduled.clientId },
        author: by,
      })
    if (channel && !this.channels.includes(channel.id)) this.channels.push(channel.id)
    if (message && !this.messages.some(({ id }) => id === message.id)) this.messages.push(message)
  }
}
