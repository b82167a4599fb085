import type { z } from 'zod'
import type { UserActor } from '../kernel/actor.ts'

/**
 * A part of the product that lives beside the connections of one node and holds what does not last, such as who types.
 * What it knows it gets from its connections, and from the companions of other nodes by the bus.
 */
export interface Companion {
  /** Called once, before anything else, when the connections of this node hear the bus already. */
  meet(audience: Audience): void
  /** The frames of clients that it takes, by their type. */
  readonly signals: Readonly<Record<string, Signal>>
  /** The operations that only a connection can do, by their name. */
  readonly operations?: Readonly<Record<string, Answering>>
  /** Users, by uid, who must not be told values of this user's, such as receipts. Asked for each that is told. */
  keptFrom?(uid: string): Iterable<string>
  /** A connection was welcomed. */
  came?(listener: Listener): void
  /** A connection that was welcomed is no more. */
  went?(listener: Listener): void
  /** Others than before watch a channel that is told in windows. */
  moved?(channelId: string): void
  /** The server stops, and all connections are gone. What must be kept is handed to the write queue now. */
  stop?(): void
}

/** Answers a call of a connection, or rejects with a `ChatError`. The token of the rate class is taken already. */
export type Answering = (listener: Listener, input: unknown) => Promise<unknown>

/** A frame of a client that gets no answer. What does not fit its form is told in an `error` frame. */
export interface Signal {
  readonly form: z.ZodType
  /** Never throws, and is not waited for: what may not be done is left out in silence. */
  take(listener: Listener, frame: unknown): void
}

/** A connection that was welcomed, as a companion sees it. */
export interface Listener {
  readonly id: string
  readonly actor: UserActor
  /** Whether it has interest `full` in the channel. */
  watches(channelId: string): boolean
  /** Tells it something that may be lost. False when it reads too slowly to be told. */
  offer(frame: string): boolean
}

/** Who can be told something on this node. Everything told this way may be lost. */
export interface Audience {
  /** How many connections have interest `full` in the channel. */
  watchers(channelId: string): number
  /** How many users these are. */
  users(channelId: string): number
  /** Tells all of them. */
  tell(channelId: string, telling: Telling): void
  /** The users, by uid, with a connection that has interest `full` or `list` in the channel. */
  people(channelId: string): ReadonlySet<string>
}

export interface Telling {
  readonly frame: string
  /** What the connections of some users get instead, by uid; null for nothing. */
  readonly instead: ReadonlyMap<string, string | null>
}
