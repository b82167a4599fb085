import type { ChannelInterest, ChannelSync, Cursor, User, UserSync } from '@tertulia/protocol'
import type { Actor, UserActor } from '../kernel/actor.ts'

/** A call as it comes through any door. */
export interface Call {
  readonly actor: Actor
  readonly op: string
  readonly input: unknown
  /** For logs and errors. */
  readonly requestId: string
  /** Size of the input as it arrived. */
  readonly bytes: number
}

/** The one way into the product: validate, limit, authorise, do. Rejects with a `ChatError` and nothing else. */
export interface Operations {
  call(call: Call): Promise<unknown>
}

/** A proven identity of a user, good until `expiresAt`. */
export interface Session {
  readonly actor: UserActor
  /** `iat` of the token, in seconds. */
  readonly issuedAt: number
  /** ms. */
  readonly expiresAt: number
}

export interface Identities {
  /** Rejects with `unauthenticated`, `token_expired`, `token.too_long_lived` or `user.deactivated`. */
  userByToken(token: string): Promise<Session>
  /** Good once, within `LIMITS.ticketMs`. */
  userByTicket(ticket: string): Promise<Session>
}

/** A channel that a user may have in the list, and from where on. */
export interface Listable {
  readonly channelId: string
  readonly visibleFrom: number
  readonly memberCount: number
}

/** A channel that a user may watch. */
export interface Watchable extends Listable {
  /** Null where events are told one by one. */
  readonly window: Windowing | null
}

/** How a stream is told that many watch and many write to. */
export interface Windowing {
  /** Time over which events are gathered into one frame. */
  readonly ms: number
  /** Of the events that may be left out, so many are told; null for all. */
  readonly shownPerSecond: number | null
}

export interface Opening {
  readonly me: User
  readonly user: UserSync
  readonly channels: readonly ChannelSync[]
  /** The channels of the question that may be watched, and the most recent own ones. */
  readonly watchable: readonly Watchable[]
  readonly recent: readonly Listable[]
}

/** What the frame loop asks of the product besides operations. Every answer is one snapshot. */
export interface StreamReader {
  /**
   * Where a user stands. Channels of interest `full` are answered with content while `inlineBytes` lasts, all
   * others with their head.
   */
  open(actor: UserActor, question: OpeningQuestion): Promise<Opening>
}

export interface OpeningQuestion {
  /** Null for a first start; absent for the head alone. */
  readonly user: Cursor | null | undefined
  readonly channels: readonly ChannelInterest[]
  readonly recent: number
  readonly inlineBytes: number
}
