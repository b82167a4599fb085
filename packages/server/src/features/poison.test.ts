import { expect, test } from 'vitest'
import { clientId, openCore } from '../fixtures/core.ts'
import { outboxCheck } from '../kernel/outbox.check.ts'
import { checkStore } from '../upkeep/checkStore.ts'
import { checks } from './index.ts'

/** What accidents, old bugs and strangers leave in a store: none of it may break what stands beside it. */
const POISON = [
  `UPDATE messages SET custom = '{' WHERE seq = 4`,
  `UPDATE messages SET custom = '[]' WHERE seq = 4`,
  `UPDATE messages SET custom = 'null' WHERE seq = 4`,
  `UPDATE messages SET mentions = '{}' WHERE seq = 4`,
  `UPDATE messages SET mentions = '[null, 5]' WHERE seq = 4`,
  `UPDATE messages SET text = NULL WHERE seq = 4`,
  `UPDATE messages SET text = '' WHERE seq = 4`,
  `UPDATE messages SET kind = 'odd' WHERE seq = 4`,
  `UPDATE messages SET kind = 'system', system = '{}' WHERE seq = 4`,
  `UPDATE messages SET system = '{"event":"joined","userIds":5,"by":null}' WHERE seq = 4`,
  `UPDATE messages SET system = '[' WHERE seq = 4`,
  `UPDATE messages SET silent = 7 WHERE seq = 4`,
  `UPDATE messages SET author = NULL WHERE seq = 4`,
  `UPDATE messages SET author = 'nobody', author_uid = 5 WHERE seq = 4`,
  `UPDATE messages SET author = '' WHERE seq = 4`,
  `UPDATE messages SET quoted_id = 5 WHERE seq = 4`,
  `UPDATE messages SET client_id = '' WHERE seq = 4`,
  `UPDATE messages SET version = 999 WHERE seq = 4`,
  `UPDATE messages SET version = 0 WHERE seq = 4`,
  `UPDATE messages SET created_at = -1 WHERE seq = 4`,
  `UPDATE messages SET deleted_at = 1 WHERE seq = 4`,
  `UPDATE messages SET edited_at = -5 WHERE seq = 4`,
  `UPDATE messages SET hash = '' WHERE seq = 4`,
  `UPDATE channels SET custom = 'x', people = 'x'`,
  `UPDATE channels SET people = '{}' `,
  `UPDATE channels SET name = '', folded_name = NULL`,
  `UPDATE channels SET member_count = -3, owner_count = 99`,
  `UPDATE channels SET last_message_seq = 77, last_message_at = NULL`,
  `UPDATE channels SET version = 999`,
  `UPDATE users SET custom = 'x', private_custom = '5' WHERE id = 'bob'`,
  `UPDATE users SET name = '', folded_name = '' WHERE id = 'bob'`,
  `UPDATE members SET version = 999 WHERE role = 'member'`,
  `INSERT INTO members (channel_id, uid, role, state, version, joined_at, joined_seq, visible_from) SELECT id, 5, 'member', 'joined', 2, 1, 1, 0 FROM channels`,
  `INSERT INTO memberships (uid, channel_id, state, version, visible_from) SELECT uid, 5, 'joined', 1, 0 FROM users`,
  `DELETE FROM memberships WHERE visible_from = 0 AND channel_id IN (SELECT id FROM channels)`,
  `UPDATE streams SET marks = 'x' WHERE owner = 'channel'`,
  `UPDATE streams SET marks = '[5]' WHERE owner = 'channel'`,
  `UPDATE outbox SET meta = 'x', frame = 'x', published_at = NULL`,
  `DELETE FROM users WHERE id = 'bob'`,
  `UPDATE streams SET seq = 9223372036854775807 WHERE id IN (SELECT id FROM channels)`,
  `UPDATE streams SET seq = 9007199254740992 WHERE id IN (SELECT id FROM channels)`,
  `UPDATE streams SET seq = -5 WHERE id IN (SELECT id FROM channels)`,
  `UPDATE streams SET epoch = 9223372036854775807 WHERE id IN (SELECT id FROM channels)`,
  `UPDATE streams SET floor_seq = 9223372036854775807 WHERE id IN (SELECT id FROM channels)`,
  `DELETE FROM streams WHERE id IN (SELECT id FROM channels)`,
  ...['version', 'created_at', 'edited_at', 'deleted_at'].map(
    (column) => `UPDATE messages SET ${column} = 9223372036854775807 WHERE seq = 4`,
  ),
  `UPDATE messages SET seq = 9223372036854775807 WHERE seq = 4`,
  ...[
    'version',
    'created_at',
    'updated_at',
    'member_count',
    'last_message_at',
    'last_message_seq',
    'floor',
    'purged_up_to',
    'purged_ordinal',
  ].map((column) => `UPDATE channels SET ${column} = 9223372036854775807`),
  ...['version', 'joined_at', 'joined_seq', 'visible_from'].map(
    (column) => `UPDATE members SET ${column} = 9223372036854775807 WHERE role = 'member'`,
  ),
  `UPDATE memberships SET version = 9223372036854775807, visible_from = -9223372036854775808`,
  ...['version', 'created_at', 'updated_at', 'deactivated_at'].map(
    (column) => `UPDATE users SET ${column} = 9223372036854775807 WHERE id = 'bob'`,
  ),
  `UPDATE outbox SET at = 9223372036854775807, published_at = -9223372036854775808`,
  `UPDATE scheduled SET mentions = '{', custom = '[]'`,
  `UPDATE scheduled SET text = '', quoted_id = 5, thread_root_id = 5`,
  `UPDATE scheduled SET channel_id = 5, client_id = ''`,
  `UPDATE scheduled SET failed_at = 1, failed_code = 'odd', failed_details = '['`,
  ...['version', 'send_at', 'try_at', 'created_at', 'failed_at', 'also_in_channel'].map(
    (column) => `UPDATE scheduled SET ${column} = 9223372036854775807`,
  ),
]

test.each(POISON)('%s', async (poison) => {
  await using core = await openCore()
  const [alice, bob, charlie] = [
    await core.user('alice'),
    await core.user('bob'),
    await core.user('charlie'),
  ]
  const members = [{ userId: bob.id }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const channelId = channel.id
  const say = (text: string) =>
    alice.call('message.send', { channelId, clientId: clientId(), text })
  for (const text of ['one', 'two', 'three']) await say(text)
  const later = { channelId, clientId: clientId(), sendAt: core.clock.ms + 2000, text: 'four' }
  await alice.call('scheduled.create', later)
  await core.spoil(poison)
  const beside = await alice.call('channel.create', { clientId: clientId(), name: 'Beside' })

  const questions = [
    ['message.history', { channelId }],
    ['message.history', { channelId, around: 4 }],
    ['channel.get', { channelId }],
    ['channel.list', {}],
    ['member.list', { channelId }],
    ['user.query', { limit: 10 }],
    ['scheduled.list', {}],
    ['sync.pull', { user: null, channels: [{ id: channelId }] }],
    ['sync.pull', { user: { epoch: 1, seq: 0 }, channels: [{ id: channelId, epoch: 1, seq: 2 }] }],
  ] as const
  for (const [op, input] of questions) {
    const answer = await alice.call(op, input).catch((error) => error)
    expect(answer.code ?? 'fine', `${op}: ${answer.message ?? ''}`).not.toBe('internal')
  }
  expect((await alice.call('channel.list')).channels.map(nameOf)).toContain('Beside')
  const { channels } = await alice.call('sync.pull', {
    channels: [{ id: channelId }, { id: beside.channel.id }],
  })
  expect(channels[1]).toMatchObject({ status: 'reset', id: beside.channel.id })
  await alice.call('message.send', {
    channelId: beside.channel.id,
    clientId: clientId(),
    text: 'still here',
  })
  core.clock.ms += 60_000
  await core.sweeper.sweep()
  expect((await charlie.call('channel.list')).channels).toEqual([])

  const found: string[] = []
  await checkStore({
    engine: core.engine,
    checks: [...checks, outboxCheck],
    repair: false,
    found: ({ where, what }) => void found.push(`${where} ${what}`),
    progress() {},
  })
  expect(found.join()).not.toContain('one')
})

const nameOf = (item: { readonly channel: { readonly name: string | null } }) => item.channel.name
