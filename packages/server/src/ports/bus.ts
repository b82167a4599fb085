import type { CloseCode, MessagePreview } from '@tertulia/protocol'

/** Somebody's access to a channel changed with this event; nodes apply it before they deliver anything newer. */
export type AccessChange =
  | { readonly kind: 'granted'; readonly uid: string; readonly visibleFrom: number }
  | { readonly kind: 'revoked'; readonly uid: string }

/** A committed event of a stream. `frame` is the JSON of its `event` frame, the same for every recipient. */
export interface StreamAnnouncement {
  readonly kind: 'event'
  /** Internal id: of the channel, or of the user for the own stream. */
  readonly stream: string
  readonly owner: 'channel' | 'user'
  readonly epoch: number
  readonly prev: number
  readonly seq: number
  readonly frame: string
  /** The seq of the message that the event is about: members who see only newer messages skip the event. */
  readonly subjectSeq: number | null
  readonly access: readonly AccessChange[]
  /** All interest in the channel ends: this is its last event, or the last one for now. */
  readonly closes: boolean
  /** Set where a channel is shut until further notice, for which it also `closes`, and where that ends. */
  readonly gate: 'shut' | 'opened' | null
  readonly memberCount: number
  /** The newest message of the channel when this event changed it, for `bump`. */
  readonly last: MessagePreview | null
  /** How many messages to read the channel has had, when this event made one more, for `bump`. */
  readonly ordinal: number | null
  /** Up to where the channel was truncated by this event, for `bump`. */
  readonly floor: number | null
  /**
   * Events with the same key may be told as one: the data of the last, with the `changes` of all, of which the first may
   * be `omitted`. Null for all others.
   */
  readonly mergeKey: string | null
  /** Where a stream is told in windows and too much comes, this event may be left out. Null for all others. */
  readonly omission: Omission | null
  /** Names what it tells of, for those that take it back. Absent where none does. */
  readonly contentKey?: string | undefined
  /**
   * Where earlier events with these content keys still wait, they are told no more; nor are those about messages up to
   * `floor`. Absent where nothing but a floor takes back.
   */
  readonly takesBack?: readonly string[] | undefined
}

export interface Omission {
  /** ms, as stored: which events are left out follows from it, so that all nodes leave out the same. */
  readonly at: number
  /** The user who is told all the same, by uid. */
  readonly butFor: string
}

/** An event that is never stored: for everybody who watches the channel with interest `full`. */
export interface EphemeralAnnouncement {
  readonly kind: 'ephemeral'
  readonly channelId: string
  readonly frame: string
}

/** Something that holds for a moment, for the companions of all nodes: never stored, may be lost. */
export interface PassingAnnouncement {
  readonly kind: 'passing'
  /** The companion that it is for. */
  readonly to: string
  /** The channel or the user that it is about. What is published about one of them arrives in order. */
  readonly about: string
  /** JSON. Its companion knows the form. */
  readonly data: unknown
}

/** Connections of this user that rest on a token issued before `issuedUntil` (seconds; all when null) end now. */
export interface DisconnectAnnouncement {
  readonly kind: 'disconnect'
  readonly uid: string
  readonly code: CloseCode
  readonly issuedUntil: number | null
}

/**
 * What is true of somebody in a channel from now on, for those who watch it with interest `full`: only the last value of
 * each counts, so they are told together. The frame is `{ type, channel, [type]: values }`.
 */
export interface ValueAnnouncement {
  readonly kind: 'value'
  readonly channelId: string
  readonly type: 'receipts'
  /** Whose, by uid. */
  readonly key: string
  readonly value: object
  /** Users, by uid, who are not told. */
  readonly except: readonly string[]
}

export type Announcement =
  | StreamAnnouncement
  | EphemeralAnnouncement
  | ValueAnnouncement
  | PassingAnnouncement
  | DisconnectAnnouncement

/**
 * Carries announcements to every node. Obligations: what one node publishes about one stream arrives in order or
 * not at all; it may be lost or doubled (receivers know by `prev` and `seq`). Only committed things are published.
 */
export interface Bus {
  publish(announcement: Announcement): void
  subscribe(receive: (announcement: Announcement) => void): void
}
