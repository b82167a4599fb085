/** What a client needs of the world around it. Everything that is not decided by frames comes in here. */
export interface Surroundings {
  /** ms since some fixed moment; never goes back. */
  now(): number
  /** A number in [0, 1). */
  fraction(): number
  /** Runs once after `ms`. */
  after(ms: number, run: () => void): Timer
  /** A new UUIDv7 in lower case. */
  newClientId(): string
  /** Asks the app for a token of the user. */
  fetchToken(done: (token: string) => void): void
  /** Opens a WebSocket. */
  dial(events: LinkEvents): Link
  /** Calls an operation over REST. `done` is called once, or never when the answer was lost. */
  call(op: string, input: object, done: (outcome: Outcome) => void): void
}

export interface Timer {
  cancel(): void
}

/** One WebSocket, from the side of the client. */
export interface Link {
  send(text: string): void
  /** Nothing of the link is told any more after this. */
  close(code: number): void
}

export interface LinkEvents {
  opened(): void
  text(text: string): void
  closed(code: number): void
}

/** How a call ended: with an answer, with a refusal, or unknown. */
export type Outcome =
  | { readonly kind: 'answer'; readonly data: unknown }
  | { readonly kind: 'refusal'; readonly code: string; readonly retryAfterMs: number }
  | { readonly kind: 'lost' }
