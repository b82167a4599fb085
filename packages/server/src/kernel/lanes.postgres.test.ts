import { Client } from 'pg'
import { expect, test } from 'vitest'
import { clientId, openCore } from '../fixtures/core.ts'
import { auditHash, readAudit } from './audit.ts'

// Where transactions run side by side, what only one of them may make is made once.

test('one direct channel, although both sides create it many times at once', async () => {
  await using core = await openCore()
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const wishes = Array.from({ length: 20 }, (_, index) => {
    const [me, other] = index % 2 ? [alice, bob] : [bob, alice]
    const members = [{ userId: other.id }]
    return me.call('channel.create', { type: 'direct', members, clientId: clientId() })
  })
  const answers = await Promise.all(wishes)
  expect(new Set(answers.map(({ channel }) => channel.id)).size).toBe(1)
  expect(answers.filter(({ created }) => created)).toHaveLength(1)
})

test('one user, although many channels name them before they exist', async () => {
  await using core = await openCore()
  const users = [{ id: 'alice', name: 'Alice' }]
  await Promise.all(Array.from({ length: 10 }, () => core.server('user.upsert', { users })))
  const created = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      core.server('channel.getOrCreate', { key: `k${index}`, members: [{ userId: 'alice' }] }),
    ),
  )
  expect(new Set(created.map(({ channel }) => channel.id)).size).toBe(20)
  const { channels } = await core.server('channel.list', { userId: 'alice', limit: 100 })
  expect(channels).toHaveLength(20)
})

test('the last place is given once, although two channels ask for it at once', async () => {
  await using core = await openCore({ limits: { channelsPerUser: 3 } })
  await core.user('alice')
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, (_, index) =>
      core.server('channel.getOrCreate', { key: `k${index}`, members: [{ userId: 'alice' }] }),
    ),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
})

test('no change of a profile is lost, although several come at once', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  await Promise.all([
    alice.call('user.update', { name: 'Alice Liddell' }),
    core.server('user.upsert', { users: [{ id: 'alice', custom: { team: 'kitchen' } }] }),
    core.server('user.upsert', { users: [{ id: 'alice', privateCustom: { plan: 'gold' } }] }),
  ])
  expect((await core.server('user.get', { userId: 'alice' })).user).toMatchObject({
    name: 'Alice Liddell',
    custom: { team: 'kitchen' },
    privateCustom: { plan: 'gold' },
  })
})

test('every entry of the audit log follows one other, whoever writes it', async () => {
  await using core = await openCore()
  const ids = Array.from({ length: 20 }, (_, index) => `user-${index}`)
  await core.server('user.upsert', { users: ids.map((id) => ({ id })) })
  const byUser = (id: string) => ({ kind: 'server', keyId: id, access: 'full' }) as const
  await Promise.all(
    ids.map((id) =>
      core.operations.call({
        actor: byUser(id),
        op: 'user.deactivate',
        input: { userId: id },
        requestId: id,
        bytes: 0,
      }),
    ),
  )
  const log = await core.engine.read((db) => readAudit(db, 100))
  expect(log.map(({ seq }) => seq)).toEqual(ids.map((_, index) => index + 1))
  for (const [index, row] of log.entries()) {
    expect(row.previous).toBe(log[index - 1]?.hash ?? '')
    expect(auditHash(row)).toBe(row.hash)
  }
})

test('what a change depends on is read under the lock of its stream', async () => {
  await using core = await openCore()
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const members = [{ userId: bob.id }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const client = new Client(core.databaseUrl ?? '')
  await client.connect()
  await client.query('BEGIN')
  await client.query('SELECT 1 FROM streams WHERE id = $1 FOR UPDATE', [channel.id])
  await client.query(`UPDATE members SET state = 'removed' WHERE uid = $1`, [bob.actor.uid])
  const said = bob.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
  said.catch(() => undefined)
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while ((await client.query(waiting)).rowCount === 0);
  await client.query('COMMIT')
  await expect(said).rejects.toMatchObject({ code: 'channel.not_found' })
  await client.end()
})

test('each stream is told in its order, without holes, whatever runs beside it', async () => {
  await using core = await openCore()
  const people = await Promise.all(['alice', 'bob', 'charlie'].map((id) => core.user(id)))
  const members = people.map(({ id }) => ({ userId: id }))
  const channels = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      core.server('channel.getOrCreate', { key: `k${index}`, members }),
    ),
  )
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      people[index % 3]?.call('message.send', {
        channelId: channels[index % 5].channel.id,
        clientId: clientId(),
        text: `${index}`,
      }),
    ),
  )
  const heads = new Map<string, number>()
  for (const announcement of core.heard) {
    if (announcement.kind !== 'event') continue
    expect(announcement.prev).toBe(heads.get(announcement.stream) ?? 0)
    heads.set(announcement.stream, announcement.seq)
  }
  expect([...heads.values()].reduce((sum, seq) => sum + seq, 0)).toBeGreaterThan(300)
})
