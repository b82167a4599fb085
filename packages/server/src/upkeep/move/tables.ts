/** A table as it is walked from one engine to the other: in the order of its key. */
export interface MovedTable {
  readonly name: string
  readonly key: readonly string[]
}

/**
 * All that a store holds, in an order in which a half-moved store has nothing that points to nowhere. `meta` is not
 * here: what it says of the store itself is set at the end.
 */
export const MOVED: readonly MovedTable[] = [
  { name: 'api_keys', key: ['id'] },
  { name: 'streams', key: ['id'] },
  { name: 'users', key: ['uid'] },
  { name: 'channels', key: ['id'] },
  { name: 'members', key: ['channel_id', 'uid'] },
  { name: 'memberships', key: ['uid', 'channel_id'] },
  { name: 'messages', key: ['channel_id', 'seq'] },
  { name: 'pins', key: ['channel_id', 'message_seq'] },
  { name: 'reactions', key: ['channel_id', 'message_seq', 'emoji', 'uid'] },
  { name: 'reaction_counts', key: ['channel_id', 'message_seq'] },
  { name: 'mentions', key: ['uid', 'channel_id', 'message_seq'] },
  { name: 'channel_mentions', key: ['channel_id', 'message_seq'] },
  { name: 'receipts', key: ['channel_id', 'uid'] },
  { name: 'threads', key: ['channel_id', 'root_seq'] },
  { name: 'thread_members', key: ['uid', 'channel_id', 'root_seq'] },
  { name: 'slow_sends', key: ['channel_id', 'uid'] },
  { name: 'drafts', key: ['uid', 'channel_id', 'root_id'] },
  { name: 'privacy', key: ['uid'] },
  { name: 'presence', key: ['uid'] },
  { name: 'scheduled', key: ['uid', 'channel_id', 'client_id'] },
  { name: 'blocks', key: ['uid', 'blocked_uid'] },
  { name: 'block_lists', key: ['uid'] },
  { name: 'idempotency', key: ['scope', 'actor', 'client_id'] },
  { name: 'outbox', key: ['stream_id', 'seq'] },
  { name: 'node_leases', key: ['node_id'] },
  { name: 'audit', key: ['seq'] },
]

/** Keys are made and backups are noted beside a running server, and beside a move. */
export const WRITTEN_BY_TOOLS: readonly MovedTable[] = MOVED.filter(({ name }) =>
  ['api_keys', 'audit'].includes(name),
)
