// What users keep for themselves alone, and nobody else ever sees.
import type { BigId, JsonText, Millis } from './machinery.ts'

/** What users want sent later: gone once it is sent. */
export interface ScheduledTable {
  uid: BigId
  channel_id: BigId
  /** Of the message that it becomes. */
  client_id: string
  /** The seq of its last change, in the user's own stream. */
  version: number
  send_at: Millis
  /** When the send is tried: at `send_at`, or later, as long as its author has to wait. */
  try_at: Millis
  text: string
  mentions: JsonText
  quoted_id: BigId | null
  thread_root_id: BigId | null
  also_in_channel: number
  silent: number
  custom: JsonText
  created_at: Millis
  /** Why the send was refused; null while it waits. */
  failed_code: string | null
  /** What the refusal said besides, where it said more. */
  failed_details: JsonText | null
  failed_at: Millis | null
}

/** What users began to write. Without a text: what is left of a deleted draft, and in channel 0 of many of them. */
export interface DraftsTable {
  uid: BigId
  channel_id: BigId
  /** The message that began the thread; 0 for the channel itself. */
  root_id: BigId
  version: number
  updated_at: Millis
  text: string | null
  mentions: JsonText
  quoted_id: BigId | null
  also_in_channel: number
  custom: JsonText
}

/** Who blocks whom. */
export interface BlocksTable {
  uid: BigId
  blocked_uid: BigId
  mode: 'oneWay' | 'twoWay'
  blocked_at: Millis
}

/** Of those who ever blocked somebody. */
export interface BlockListsTable {
  uid: BigId
  /** The seq of the own stream at which the list changed last. */
  version: number
}

/** What users let others see; no row for the default. */
export interface PrivacyTable {
  uid: BigId
  /** A JSON object. */
  choices: JsonText
}

/** Who follows a thread, and how far they read it. */
export interface ThreadMembersTable {
  uid: BigId
  channel_id: BigId
  root_seq: number
  following: number
  read_seq: number
}
