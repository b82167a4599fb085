import type {
  Channel,
  Me,
  Member,
  Message,
  MessageReactions,
  MessageThread,
  ReadState,
  User,
} from '@tertulia/protocol'

/** A committed event with its exact bytes. */
export interface LoggedEvent {
  readonly seq: number
  readonly epoch: number
  readonly name: string
  readonly frame: string
  readonly data: Partial<MessageReactions> & {
    readonly message?: Message
    readonly member?: Member
    readonly channel?: Channel
    readonly channelId?: string
    readonly me?: Me
    readonly user?: User
    readonly memberCount?: number
    readonly thread?: MessageThread
    readonly read?: ReadState
    /** Of `reaction.changed`. */
    readonly changes?: readonly object[]
    /** Of `channel.joined`: where the channel was. */
    readonly seq?: number
  }
}

export interface StreamRow {
  readonly id: string
  readonly owner: 'channel' | 'user'
  readonly userId: string | null
  readonly seq: number
}

export interface CommittedStream extends StreamRow {
  /** Above what was known. Empty when nothing is. */
  readonly events: readonly LoggedEvent[]
}

/** What is committed, read without the server's help. */
export interface Committed {
  /** All streams as they stand at one moment, each with its events above the seq that is known of it. */
  streams(known: (stream: StreamRow) => number): Promise<readonly CommittedStream[]>
  close(): Promise<void>
}

export function eventOf(frame: string): LoggedEvent {
  const { seq, epoch, name, data } = JSON.parse(frame) as LoggedEvent
  return { seq, epoch, name, data, frame }
}
