import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import type { StreamAnnouncement } from '../../ports/bus.ts'

type Core = Awaited<ReturnType<typeof openCore>>

async function stage(core: Core) {
  const [alice, bob, viewer] = [
    await core.user('alice'),
    await core.user('bob'),
    await core.user('viewer'),
  ]
  const { channel } = await core.server('channel.create', {
    clientId: clientId(),
    type: 'live',
    members: [{ userId: 'alice', role: 'moderator' }, { userId: 'bob' }],
  })
  return { alice, bob, viewer, at: { channelId: channel.id } }
}

/** Who is told all the same of the last event that any node was told of; null for an event that is told to all. */
async function omitted(core: Core): Promise<string | null> {
  await core.queue.whenIdle()
  const last = core.heard.findLast((one): one is StreamAnnouncement => one.kind === 'event')
  return last?.omission?.butFor ?? null
}

test('of a live channel, what its people say may be left out, and nothing else', async () => {
  await using core = await openCore({ channelTypes: { live: { slowMode: null } } })
  const { alice, bob, viewer, at } = await stage(core)
  const said = (more: object = {}) => ({ ...at, clientId: clientId(), text: '@a hi', ...more })
  const mentions = [{ kind: 'user', userId: 'alice', start: 0, length: 2 }]
  for (const author of [bob, viewer]) {
    const { message } = await author.call('message.send', said())
    expect(await omitted(core)).toBe(author.actor.uid)
    expect(core.heard.at(-1)).toMatchObject({ omission: { at: core.clock.ms } })
    await author.call('message.send', said({ mentions }))
    expect(await omitted(core), 'a mention').toBeNull()
    const about = { ...at, messageId: message.id }
    await author.call('message.edit', { ...about, text: 'edited' })
    expect(await omitted(core), 'an edit').toBeNull()
    await author.call('reaction.add', { ...about, emoji: '👍' })
    expect(await omitted(core), 'a reaction').toBeNull()
    await author.call('message.delete', about)
    expect(await omitted(core), 'a deletion').toBeNull()
  }
  await alice.call('message.send', said())
  expect(await omitted(core), 'a moderator').toBeNull()
  await core.server('message.send', said())
  expect(await omitted(core), 'the app').toBeNull()
  await core.server('message.send', said({ author: 'alice' }))
  expect(await omitted(core), 'the app for a moderator').toBeNull()
  await core.server('message.send', said({ author: 'viewer' }))
  expect(await omitted(core), 'the app for a viewer').toBe(viewer.actor.uid)
  await core.server('member.remove', { ...at, userId: 'alice' })
  await alice.call('message.send', said())
  expect(await omitted(core), 'who was a moderator').toBe(alice.actor.uid)
})

test('in a group nothing is ever left out', async () => {
  await using core = await openCore({ channelTypes: { live: { slowMode: null } } })
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  await core.server('message.send', {
    channelId: channel.id,
    clientId: clientId(),
    text: 'hi',
    author: 'alice',
  })
  expect(await omitted(core)).toBeNull()
})
