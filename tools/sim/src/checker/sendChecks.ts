import type { Message } from '@tertulia/protocol'
import type { Entry } from '../client/sendQueue.ts'
import type { MessageLife } from './channelHistory.ts'
import type { Truth } from './truth.ts'
import { demand } from './violation.ts'

interface Wish {
  readonly device: string
  readonly channelId: string
  readonly order: number
  /** It was answered in a history that was given up since. */
  lost: boolean
}

interface Answered {
  readonly channelId: string
  readonly key: string
  readonly seq: number
}

/** Follows every message from the wish to the store: I-1 and I-13. (I-2 is looked after by the history itself.) */
export class SendChecks {
  readonly #truth: Truth
  readonly #wishes = new Map<string, Wish>()
  #answered = new Map<string, Answered>()
  readonly #looked = new Map<string, number>()
  readonly #lastOrder = new Map<string, number>()

  constructor(truth: Truth) {
    this.#truth = truth
    this.rewritten()
  }

  wished(device: string, { clientId, channelId }: Entry): void {
    this.#wishes.set(clientId, { device, channelId, order: this.#wishes.size, lost: false })
  }

  /** An acknowledged send is in the channel, with the seq of the answer. */
  answered(userId: string, { clientId, channelId }: Entry, { id, seq }: Message): void {
    const key = `${userId}/${clientId}`
    const lives = [...this.#truth.histories.values()].map(({ channels }) =>
      channels.get(channelId)?.byClientId.get(key),
    )
    const known = lives.some((life) => life?.seq === seq && life.id === id)
    demand(known, 'I-1', () => `${key} was answered with seq ${seq}, but is not stored there`)
    if (lives.at(-1)?.seq === seq) this.#answered.set(clientId, { channelId, key, seq })
  }

  /** Looks at what was committed since the last time: the own order of each device. */
  look(): void {
    for (const [id, { messages }] of this.#truth.now.channels) {
      for (const life of messages.slice(this.#looked.get(id) ?? 0)) this.#inOrder(id, life)
      this.#looked.set(id, messages.length)
    }
  }

  #inOrder(channelId: string, { clientId, seq }: MessageLife): void {
    const wish = this.#wishes.get(clientId)
    if (!wish || wish.lost) return
    const place = `${wish.device} in ${channelId}`
    const last = this.#lastOrder.get(place) ?? -1
    demand(
      wish.order > last,
      'I-13',
      () => `${place}: wish ${wish.order} was stored at ${seq}, behind wish ${last}`,
    )
    this.#lastOrder.set(place, wish.order)
  }

  /** The store was put back: what it does not know any more may be sent again, in any order. */
  rewritten(): void {
    const { channels } = this.#truth.now
    for (const [clientId, { channelId, key, seq }] of this.#answered) {
      if (channels.get(channelId)?.byClientId.get(key)?.seq === seq) continue
      this.#answered.delete(clientId)
    }
    for (const wish of this.#wishes.values()) wish.lost = true
    for (const [id, { messages }] of channels) this.#looked.set(id, messages.length)
  }

  /** Every acknowledged send is still there, exactly once and in its place. */
  final(): void {
    for (const { channelId, key, seq } of this.#answered.values()) {
      const life = this.#truth.now.channels.get(channelId)?.byClientId.get(key)
      demand(
        life?.seq === seq,
        'I-1',
        () => `${key} was answered with seq ${seq} and is at ${life?.seq} now`,
      )
    }
  }
}
