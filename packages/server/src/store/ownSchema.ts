// What users keep for themselves alone, and nobody else ever sees.
import type { BigId, JsonText, Millis } from './schema.ts'

/** What users want sent later: gone once it is sent. */
export interface ScheduledTable {
  uid: BigId
  channel_id: BigId
  /** Of the message that it becomes. */
  client_id: string
  /** The seq of its last change, in the user's own stream. */
  version: number
  send_at: Millis
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
  failed_at: Millis | null
}
