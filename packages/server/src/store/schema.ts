import type {
  ApiKeysTable,
  AuditTable,
  BigId,
  IdempotencyTable,
  JsonText,
  MetaTable,
  Millis,
  NodeLeasesTable,
  OutboxTable,
  StreamsTable,
} from './machinery.ts'
import type {
  BlockListsTable,
  BlocksTable,
  DraftsTable,
  PrivacyTable,
  ScheduledTable,
  ThreadMembersTable,
} from './ownSchema.ts'

export type { BigId, JsonText, Millis }

export interface UsersTable {
  uid: BigId
  id: string
  name: string
  folded_name: string
  avatar: string | null
  custom: JsonText
  private_custom: JsonText
  /** The seq of the user's own stream at which the profile last changed. */
  version: number
  created_at: Millis
  updated_at: Millis
  deactivated_at: Millis | null
  tokens_revoked_at: Millis | null
}

export interface ChannelsTable {
  id: BigId
  type: string
  key: string | null
  /** The sorted internal ids of a direct channel: what makes it the only one. */
  people_key: string | null
  /** The app's ids of the same people, as a JSON array. */
  people: JsonText
  name: string | null
  folded_name: string | null
  custom: JsonText
  history: 'all' | 'sinceJoin'
  member_count: number
  owner_count: number
  version: number
  created_by: string | null
  created_at: Millis
  updated_at: Millis
  last_message_at: Millis | null
  last_message_seq: number | null
  /** How many messages that count as unread there have been. */
  ordinal: number
  state: 'open' | 'frozen' | 'disabled'
  /** Both null without slow mode. */
  slow_seconds: number | null
  slow_burst: number | null
  /** The seq of the last change of its pins; 0 before the first. */
  pins_version: number
  deleted_at: Millis | null
  /** Everything up to here was truncated. */
  floor: number
  /** Of that, what the sweeper has thrown away for good. */
  purged_up_to: number
  /** How many messages to read were among it. */
  purged_ordinal: number
  /** When its messages and memberships were gone too. */
  purged_at: Millis | null
}

export interface MembersTable {
  channel_id: BigId
  uid: BigId
  role: 'owner' | 'moderator' | 'member'
  state: 'joined' | 'left' | 'removed'
  version: number
  joined_at: Millis
  joined_seq: number
  visible_from: number
}

/** The same memberships seen from the user: what the user's own stream tells, and what a connection watches. */
export interface MembershipsTable {
  uid: BigId
  channel_id: BigId
  state: 'joined' | 'left' | 'removed' | 'deleted'
  version: number
  visible_from: number
  /** Everything up to here is read. Never goes back. */
  read_seq: number
  /** From here on the user marked it unread. */
  unread_from: number | null
  /** Until when it is muted: 0 for until further notice, null when it is not. */
  muted_until: Millis | null
  pinned_at: Millis | null
  /** Hidden while the ordinal of the channel is not above this. */
  hidden_up_to: number | null
  archived_at: Millis | null
}

export interface MessagesTable {
  channel_id: BigId
  seq: number
  id: BigId
  version: number
  author_uid: BigId | null
  author: string | null
  client_id: string
  kind: 'text' | 'system'
  text: string | null
  quoted_id: BigId | null
  mentions: JsonText
  custom: JsonText
  created_at: Millis
  edited_at: Millis | null
  deleted_at: Millis | null
  /** 1 when somebody may have to read it. Follows from other columns, so the hash is not over it. */
  to_read: number
  /** For a reply: the seq of the message that began the thread. */
  thread_root_seq: number | null
  thread_root_id: BigId | null
  /** 0 for a reply that stands in its thread alone. */
  in_channel: number
  /** What a system message tells, as a JSON object; null for all others, and in a tombstone. */
  system: JsonText | null
  /** 1 when it was sent so that it is never unread. */
  silent: number
  /** Over all of the above: damage that the engine cannot see is found by it. */
  hash: string
}

export interface PinsTable {
  channel_id: BigId
  message_seq: number
  pinned_at: Millis
  /** The app's id of a user; null for the app itself. */
  pinned_by: string | null
  version: number
}

export interface ReactionsTable {
  channel_id: BigId
  message_seq: number
  emoji: string
  uid: BigId
  /** How often; always 1 where people react at most once with each. */
  score: number
  at: Millis
}

/** What follows from the reactions of one message. */
export interface ReactionCountsTable {
  channel_id: BigId
  message_seq: number
  /** The seq of the last change. */
  version: number
  /** A JSON object: how often, by emoji. */
  counts: JsonText
  /** The message is a tombstone: its reactions go in slices, and this row with the last of them. */
  dropped_at: Millis | null
}

/** Who is mentioned where, so that mentions can be counted. */
export interface MentionsTable {
  uid: BigId
  channel_id: BigId
  message_seq: number
}

/** Messages that mention everybody in their channel: one row, however many they are. */
export interface ChannelMentionsTable {
  channel_id: BigId
  message_seq: number
  author_uid: BigId | null
}

export interface ReceiptsTable {
  channel_id: BigId
  uid: BigId
  delivered_seq: number
  read_seq: number
}

/** How much of the burst of a slow channel a user has used, as long as it counts. */
export interface SlowSendsTable {
  channel_id: BigId
  uid: BigId
  sent_at: Millis
  free_at: Millis
}

/** What the root of a thread shows of its replies. */
export interface ThreadsTable {
  channel_id: BigId
  root_seq: number
  root_id: BigId
  replies: number
  last_reply_seq: number
  last_reply_at: Millis | null
  /** The app's ids of who replied last, as a JSON array. */
  faces: JsonText
  version: number
}

/** How users want to be seen; no row for those who never said and never were active. */
export interface PresenceTable {
  uid: BigId
  choice: 'online' | 'away' | 'invisible'
  /** What the user wrote. */
  status_text: string | null
  status_until: Millis | null
  /** What others see of it: nothing new while the user is invisible. */
  shown_text: string | null
  shown_until: Millis | null
  /** Rounded; does not move while the user is not seen as online. */
  last_active_at: Millis | null
}

export interface Schema {
  audit: AuditTable
  streams: StreamsTable
  outbox: OutboxTable
  idempotency: IdempotencyTable
  node_leases: NodeLeasesTable
  meta: MetaTable
  api_keys: ApiKeysTable
  users: UsersTable
  channels: ChannelsTable
  members: MembersTable
  memberships: MembershipsTable
  messages: MessagesTable
  pins: PinsTable
  reactions: ReactionsTable
  reaction_counts: ReactionCountsTable
  mentions: MentionsTable
  channel_mentions: ChannelMentionsTable
  receipts: ReceiptsTable
  threads: ThreadsTable
  thread_members: ThreadMembersTable
  drafts: DraftsTable
  privacy: PrivacyTable
  presence: PresenceTable
  slow_sends: SlowSendsTable
  scheduled: ScheduledTable
  blocks: BlocksTable
  block_lists: BlockListsTable
}
