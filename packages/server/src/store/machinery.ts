// What the machinery keeps, whatever the product is.
import type { ColumnType } from 'kysely'

/** A 64-bit id: BIGINT in the store, a decimal string in the program, never a JS number. */
export type BigId = string
/** A JSON document kept as text, so that both engines give back the very same bytes. */
export type JsonText = string
/** ms since 1970. */
export type Millis = number

type Defaulted<T> = ColumnType<T, T | undefined, T>

export interface StreamsTable {
  id: BigId
  owner: 'channel' | 'user'
  epoch: number
  seq: number
  floor_seq: Defaulted<number>
  /** `[epoch, startSeq]` pairs, oldest first. */
  marks: Defaulted<JsonText>
}

export interface OutboxTable {
  stream_id: BigId
  seq: number
  at: Millis
  frame: JsonText
  /** The announcement without its frame. */
  meta: JsonText
  published_at: Millis | null
}

export interface IdempotencyTable {
  scope: BigId
  actor: string
  client_id: string
  body_hash: string
  target: BigId
  at: Millis
}

export interface NodeLeasesTable {
  node_id: number
  holder: string
  fence: number
  /** Ids up to this ms (of the id epoch) may have been given out. */
  id_ms_high: number
}

export interface MetaTable {
  k: string
  v: string
}

export interface ApiKeysTable {
  id: BigId
  name: string
  hash: string
  scopes: JsonText
  created_at: Millis
  expires_at: Millis | null
  last_used_at: Millis | null
  revoked_at: Millis | null
}

export interface AuditTable {
  seq: number
  at: Millis
  actor: string
  action: string
  target: string
  details: JsonText
  /** The hash of the entry before; empty for the first. */
  previous: string
  hash: string
}
