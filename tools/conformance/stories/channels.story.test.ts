import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'a group belongs to who made it, and to nobody else [OP-2, VIS-8, SEQ-2]',
  async ({ alice, bob, charlie, letters }) => {
    const { channel, created } = await alice.does('channel.create', {
      clientId: clientId(),
      name: `Lunch ${letters}`,
      custom: { colour: 'green' },
      members: [{ userId: bob.id }],
    })
    expect(created).toBe(true)
    expect(channel).toMatchObject({
      type: 'group',
      key: null,
      name: `Lunch ${letters}`,
      people: [],
      memberCount: 2,
      createdBy: alice.id,
      history: 'all',
      lastMessageAt: null,
    })
    await alice.watches(channel.id)
    await bob.watches(channel.id)

    const { members } = await bob.does('member.list', { channelId: channel.id })
    expect(members.map(({ member: { userId, role, state } }) => [userId, role, state])).toEqual([
      [alice.id, 'owner', 'joined'],
      [bob.id, 'member', 'joined'],
    ])
    const {
      channels: [sync],
    } = await alice.does('sync.pull', { channels: [{ id: channel.id, epoch: 1, seq: 0 }] })
    expect(sync).toMatchObject({ status: 'reset', through: 3 })
    await charlie.isRefused('channel.get', { channelId: channel.id }, 'channel.not_found')
    await charlie.seesNothingOf(letters, channel.id)
  },
)

story(
  'a retry over the other door makes no second channel [REQ-6, OP-2]',
  async ({ alice, bob }) => {
    const wish = { clientId: clientId(), name: 'Once', members: [{ userId: bob.id }] }
    const first = await alice.does('channel.create', wish)
    alice.door = 'rest'
    const second = await alice.does('channel.create', wish)
    expect(second).toEqual({ channel: first.channel, created: false })
    await alice.isRefused('channel.create', { ...wish, name: 'Twice' }, 'channel.client_id_reused')
    await alice.isRefused('channel.create', { ...wish, members: [] }, 'channel.client_id_reused')

    const { channels } = await bob.does('channel.list', {})
    expect(channels.map(({ channel }) => channel.id)).toEqual([first.channel.id])
    // The id is a wish of alice's; the same one of bob's is another wish.
    const { channel, created } = await bob.does('channel.create', {
      clientId: wish.clientId,
      name: 'Of bob',
    })
    expect(created).toBe(true)
    expect(channel.id).not.toBe(first.channel.id)
  },
)

bothDoors(
  'a channel that cannot be made whole is not made [OP-2, OP-3]',
  async ({ alice, bob, letters }) => {
    const wish = {
      clientId: clientId(),
      members: [{ userId: bob.id }, { userId: `nobody-${letters}` }],
    }
    await alice.isRefused('channel.create', wish, 'user.not_found')
    await alice.isRefused('channel.create', { clientId: clientId(), type: 'nosuch' }, 'bad_request')
    await alice.isRefused(
      'channel.create',
      { clientId: clientId(), type: 'constructor' },
      'bad_request',
    )
    await alice.isRefused(
      'channel.create',
      { clientId: clientId(), createdBy: bob.id },
      'bad_request',
    )
    await alice.isRefused(
      'channel.create',
      { clientId: clientId(), key: `k-${letters}` },
      'bad_request',
    )
    await alice.isRefused('channel.create', { clientId: 'not-a-uuid' }, 'bad_request')
    expect(await bob.does('channel.list', {})).toEqual({ channels: [], next: null })
  },
)

bothDoors('only app servers make public and live channels', async ({ alice, server }) => {
  for (const type of ['public', 'live']) {
    await alice.isRefused('channel.create', { clientId: clientId(), type }, 'forbidden')
    const { channel } = await server.does('channel.create', {
      clientId: clientId(),
      type,
      members: [{ userId: alice.id, role: 'owner' }],
    })
    expect(channel).toMatchObject({ type, createdBy: null, memberCount: 1 })
  }
})

story(
  'a key leads to one channel, made once [OP-3]',
  async ({ alice, bob, charlie, server, letters }) => {
    const key = `order-${letters}`
    const wish = {
      key,
      name: 'Order',
      members: [{ userId: alice.id, role: 'owner' as const }, { userId: bob.id }],
    }
    const { channel, created } = await server.does('channel.getOrCreate', wish)
    expect(created).toBe(true)
    expect(channel).toMatchObject({ key, name: 'Order', memberCount: 2, type: 'group' })
    for (const person of [alice, bob]) await person.watches(channel.id)

    expect(
      await server.does('channel.getOrCreate', { ...wish, name: 'Another name', members: [] }),
    ).toEqual({ channel, created: false })
    await server.isRefused(
      'channel.getOrCreate',
      { key: `dm-${letters}`, type: 'direct', members: [{ userId: alice.id }, { userId: bob.id }] },
      'bad_request',
    )
    await alice.isRefused('channel.getOrCreate', { key }, 'forbidden')
    await charlie.seesNothingOf(key, channel.id)
  },
)

story('many servers at once get the same channel for a key [OP-3]', async ({ server, letters }) => {
  const key = `race-${letters}`
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.does('channel.getOrCreate', { key })),
  )
  expect(new Set(answers.map(({ channel }) => channel.id)).size).toBe(1)
  expect(answers.filter(({ created }) => created)).toHaveLength(1)
})

bothDoors(
  'a channel shows the own membership, the head and the newest message [VIS-6, SYNC-14]',
  async ({ alice, bob, charlie, opensGroup, server }) => {
    const channel = await opensGroup([bob])
    const message = await bob.says(channel.id, 'x'.repeat(300))
    const shown = await alice.does('channel.get', { channelId: channel.id })
    expect(shown).toMatchObject({
      channel: { id: channel.id, lastMessageAt: message.createdAt },
      seq: message.seq,
      me: { userId: alice.id, role: 'owner', state: 'joined', visibleFrom: 0 },
      last: { id: message.id, seq: message.seq, author: bob.id, text: 'x'.repeat(200) },
    })
    expect(await server.does('channel.get', { channelId: channel.id })).toEqual({
      ...shown,
      me: null,
      arrangement: null,
      read: null,
    })
    await charlie.isRefused('channel.get', { channelId: channel.id }, 'channel.not_found')
    await charlie.seesNothingOf(channel.id)
  },
)

bothDoors(
  'owners and moderators rename, members do not [VAL-7, EVT-1]',
  async ({ alice, bob, charlie, opensGroup, meets, letters }) => {
    const dana = await meets('dana')
    const channel = await opensGroup([bob, charlie], { name: 'Before' })
    await alice.does('member.update', { channelId: channel.id, userId: bob.id, role: 'moderator' })

    const { channel: renamed } = await bob.does('channel.update', {
      channelId: channel.id,
      name: `After ${letters}`,
      custom: { a: [1] },
    })
    expect(renamed).toMatchObject({ name: `After ${letters}`, custom: { a: [1] }, history: 'all' })
    const { channel: cleared } = await alice.does('channel.update', {
      channelId: channel.id,
      name: null,
      custom: null,
      history: 'sinceJoin',
    })
    expect(cleared).toMatchObject({ name: null, custom: {}, history: 'sinceJoin' })
    const { channel: same } = await alice.does('channel.update', {
      channelId: channel.id,
      name: null,
      history: 'sinceJoin',
    })
    expect(same).toEqual(cleared)
    const { seq } = await alice.does('channel.get', { channelId: channel.id })
    expect(seq, 'nothing more than the renaming and its system message').toBe(cleared.version + 1)

    await charlie.isRefused('channel.update', { channelId: channel.id, name: 'Mine' }, 'forbidden')
    await alice.isRefused(
      'channel.update',
      { channelId: channel.id, type: 'public' },
      'bad_request',
    )
    await alice.isRefused(
      'channel.update',
      { channelId: channel.id, createdBy: alice.id },
      'bad_request',
    )
    await dana.isRefused(
      'channel.update',
      { channelId: channel.id, name: 'Mine' },
      'channel.not_found',
    )
    await dana.seesNothingOf(letters)
  },
)
