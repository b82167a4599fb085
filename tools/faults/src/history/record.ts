import { createHash } from 'node:crypto'

const LONG = 200

/** A text as it is kept for comparison: of a long one its beginning and its digest. */
export const brief = (text: string): string =>
  text.length <= LONG
    ? text
    : `${text.slice(0, LONG)}… ${createHash('sha256').update(text).digest('hex')}`

/** One wish of one client: a text that shall stand in a channel exactly once. */
export interface Send {
  readonly clientId: string
  readonly client: string
  readonly channel: string
  /** Brief. */
  readonly text: string
}

/** A message as somebody was told of it, through whatever door. */
export interface Told {
  readonly id: string
  readonly seq: number
  readonly version: number
  readonly clientId: string
  /** Brief. */
  readonly text: string | null
}

/**
 * How an attempt ended. `unknown`: no answer came, so it may have happened or not; only a later attempt with the same
 * client id can tell. `fail`: a final refusal, after which the message must never be seen.
 */
export type Outcome =
  | {
      readonly kind: 'ok'
      readonly at: number
      readonly message: Told
      readonly duplicate: boolean
    }
  | { readonly kind: 'fail'; readonly at: number; readonly code: string }
  | { readonly kind: 'unknown'; readonly at: number; readonly why: string }

export interface Attempt {
  readonly send: Send
  /** Monotonic ms of the process that records; the same clock for all clients. */
  readonly invokedAt: number
  readonly outcome: Outcome
}

/** Messages in the order in which one reader got them. `backward`: pages walked from the newest to the oldest. */
export interface Listing {
  readonly source: 'live' | 'sync' | 'forward' | 'backward'
  /** Who read: a client and its connection, or the name of the reader. */
  readonly by: string
  readonly channel: string
  readonly messages: readonly Told[]
}

/** What a client believes once everything healed. */
export interface Belief {
  readonly client: string
  readonly channel: string
  readonly messages: readonly Told[]
}

/** Everything that is known about one run. The `forward` listings are what the server stores. */
export interface Evidence {
  readonly attempts: readonly Attempt[]
  readonly listings: readonly Listing[]
  readonly beliefs: readonly Belief[]
}

/** Collects while the run goes on. */
export class History {
  readonly #attempts: Attempt[] = []
  readonly #live = new Map<
    string,
    { source: 'live'; by: string; channel: string; messages: Told[] }
  >()
  readonly #listings: Listing[] = []

  ended(attempt: Attempt): void {
    this.#attempts.push(attempt)
  }

  heard(by: string, channel: string, message: Told): void {
    const key = `${by} ${channel}`
    const known = this.#live.get(key)
    if (known) known.messages.push(message)
    else this.#live.set(key, { source: 'live', by, channel, messages: [message] })
  }

  listed(listing: Listing): void {
    this.#listings.push(listing)
  }

  get attempts(): readonly Attempt[] {
    return this.#attempts
  }

  evidence(beliefs: readonly Belief[]): Evidence {
    return {
      attempts: this.#attempts,
      listings: [...this.#listings, ...this.#live.values()],
      beliefs,
    }
  }
}
