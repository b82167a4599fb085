import type { Migration } from '../store/migrate.ts'
import { parts } from './parts.ts'

/** Room beside rows that change all the time: PostgreSQL writes the new one into the same page, without the indexes. */
const roomy = (table: string, percent: number) => ({
  postgres: `ALTER TABLE ${table} SET (fillfactor = ${percent})`,
})

/**
 * `{id}` is a 64-bit id, `{int}` a number that fits JavaScript, `{key}` text that is compared byte by byte,
 * `{clustered}` keeps the rows of a table in the order of its primary key where the engine can, `{byChannel}` also
 * divides it by channel where that pays: no query goes beyond one channel.
 */
export const foundations: Migration = {
  id: 1,
  name: 'foundations',
  statements: [
    { postgres: `CREATE DOMAIN tertulia_id AS BIGINT` },

    `CREATE TABLE meta (k {key} PRIMARY KEY, v TEXT NOT NULL)`,

    `CREATE TABLE audit (seq {int} PRIMARY KEY, at {int} NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
       target TEXT NOT NULL, details TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)`,

    `CREATE TABLE node_leases (node_id {int} PRIMARY KEY, holder TEXT NOT NULL, fence {int} NOT NULL,
       id_ms_high {int} NOT NULL)`,

    `CREATE TABLE api_keys (id {id} PRIMARY KEY, name TEXT NOT NULL, hash {key} NOT NULL UNIQUE, scopes TEXT NOT NULL,
       created_at {int} NOT NULL, expires_at {int}, last_used_at {int}, revoked_at {int})`,

    `CREATE TABLE streams (id {id} PRIMARY KEY, owner TEXT NOT NULL, epoch {int} NOT NULL, seq {int} NOT NULL,
       floor_seq {int} NOT NULL DEFAULT 0, marks TEXT NOT NULL DEFAULT '[]') {clustered}`,

    `CREATE TABLE outbox (stream_id {id} NOT NULL, seq {int} NOT NULL, at {int} NOT NULL, frame TEXT NOT NULL,
       meta TEXT NOT NULL, published_at {int}, PRIMARY KEY (stream_id, seq)) {clustered}`,
    `CREATE INDEX outbox_due ON outbox (at) WHERE published_at IS NULL`,
    `CREATE INDEX outbox_age ON outbox (at)`,

    `CREATE TABLE idempotency (scope {id} NOT NULL, actor {key} NOT NULL, client_id {key} NOT NULL,
       body_hash TEXT NOT NULL, target {id} NOT NULL, at {int} NOT NULL,
       PRIMARY KEY (scope, actor, client_id)) {clustered}`,
    `CREATE INDEX idempotency_age ON idempotency (at)`,

    `CREATE TABLE users (uid {id} PRIMARY KEY, id {key} NOT NULL UNIQUE, name TEXT NOT NULL, folded_name {key} NOT NULL,
       avatar TEXT, custom TEXT NOT NULL, private_custom TEXT NOT NULL, version {int} NOT NULL,
       created_at {int} NOT NULL, updated_at {int} NOT NULL, deactivated_at {int}, tokens_revoked_at {int}) {clustered}`,
    `CREATE INDEX users_by_name ON users (folded_name, uid)`,

    `CREATE TABLE channels (id {id} PRIMARY KEY, type TEXT NOT NULL, key {key} UNIQUE, people_key {key} UNIQUE,
       people TEXT NOT NULL, name TEXT, folded_name {key}, custom TEXT NOT NULL, history TEXT NOT NULL,
       member_count {int} NOT NULL, owner_count {int} NOT NULL, version {int} NOT NULL, created_by TEXT,
       created_at {int} NOT NULL, updated_at {int} NOT NULL, last_message_at {int}, last_message_seq {int},
       deleted_at {int}, purged_at {int}) {clustered}`,
    `CREATE INDEX channels_by_name ON channels (type, folded_name, id) WHERE deleted_at IS NULL`,
    `CREATE INDEX channels_deleted ON channels (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL`,

    `CREATE TABLE members (channel_id {id} NOT NULL, uid {id} NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL,
       version {int} NOT NULL, joined_at {int} NOT NULL, joined_seq {int} NOT NULL, visible_from {int} NOT NULL,
       PRIMARY KEY (channel_id, uid)) {clustered}`,
    `CREATE INDEX members_changes ON members (channel_id, version)`,

    `CREATE TABLE memberships (uid {id} NOT NULL, channel_id {id} NOT NULL, state TEXT NOT NULL, version {int} NOT NULL,
       visible_from {int} NOT NULL, PRIMARY KEY (uid, channel_id)) {clustered}`,
    `CREATE INDEX memberships_changes ON memberships (uid, version)`,
    `CREATE INDEX memberships_by_channel ON memberships (channel_id) WHERE state = 'joined'`,

    `CREATE TABLE messages (channel_id {id} NOT NULL, seq {int} NOT NULL, id {id} NOT NULL, version {int} NOT NULL,
       author_uid {id}, author TEXT, client_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT, quoted_id {id},
       mentions TEXT NOT NULL, custom TEXT NOT NULL, created_at {int} NOT NULL, edited_at {int}, deleted_at {int},
       hash TEXT NOT NULL, PRIMARY KEY (channel_id, seq)) {byChannel}`,
    ...parts('messages'),
    `CREATE UNIQUE INDEX messages_id ON messages (channel_id, id)`,
    `CREATE INDEX messages_changes ON messages (channel_id, version)`,
    `CREATE INDEX messages_deleted ON messages (channel_id, version) WHERE deleted_at IS NOT NULL`,

    roomy('streams', 50),
    roomy('channels', 50),
    roomy('members', 80),
    roomy('memberships', 80),
  ],
}
