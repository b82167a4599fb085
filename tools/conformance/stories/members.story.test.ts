import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'members of a group add others, who get the channel on all devices [VIS-5, EVT-2]',
  async ({ alice, bob, charlie, meets, opensGroup, letters }) => {
    const dana = await meets('dana')
    const channel = await opensGroup([bob], { name: `Team ${letters}` })
    const channelId = channel.id
    const { members } = await bob.does('member.add', {
      channelId,
      members: [{ userId: charlie.id }],
    })
    expect(members).toMatchObject([{ userId: charlie.id, role: 'member', state: 'joined' }])
    const joined = await charlie.line.sees('event', ({ name }) => name === 'channel.joined')
    expect(joined.data).toMatchObject({
      channel: { id: channelId, memberCount: 3 },
      me: { userId: charlie.id, visibleFrom: 0 },
    })
    await charlie.watches(channelId)
    await alice.line.sees(
      'event',
      ({ name, by, data }) =>
        name === 'member.joined' && by === bob.id && data['memberCount'] === 3,
    )

    const { members: again } = await alice.does('member.add', {
      channelId,
      members: [{ userId: charlie.id, role: 'moderator' }],
    })
    expect(again).toEqual(members)
    await dana.isRefused(
      'member.add',
      { channelId, members: [{ userId: dana.id }] },
      'channel.not_found',
    )
    await dana.seesNothingOf(letters, channelId)
  },
)

bothDoors(
  'nobody is added when one of them cannot be [OP-3]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([])
    const wish = { channelId, members: [{ userId: bob.id }, { userId: `nobody-${letters}` }] }
    await alice.isRefused('member.add', wish, 'user.not_found')
    await alice.isRefused('member.add', { channelId, members: [] }, 'bad_request')
    await alice.isRefused(
      'member.add',
      { channelId, members: [{ userId: bob.id }, { userId: bob.id }] },
      'bad_request',
    )
    await alice.isRefused(
      'member.add',
      { channelId, members: Array.from({ length: 101 }, (_, index) => ({ userId: `u${index}` })) },
      'bad_request',
    )
    await bob.isRefused('channel.get', { channelId }, 'channel.not_found')
    await charlie.seesNothingOf(channelId)
  },
)

bothDoors(
  'only owners give roles [VIS-8, EVT-3]',
  async ({ alice, bob, charlie, meets, opensGroup }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie])
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await bob.isRefused('member.update', { channelId, userId: bob.id, role: 'owner' }, 'forbidden')
    await bob.isRefused(
      'member.update',
      { channelId, userId: charlie.id, role: 'moderator' },
      'forbidden',
    )
    await bob.isRefused(
      'member.add',
      { channelId, members: [{ userId: dana.id, role: 'moderator' }] },
      'forbidden',
    )
    await charlie.isRefused(
      'member.update',
      { channelId, userId: charlie.id, role: 'owner' },
      'forbidden',
    )
    await alice.isRefused(
      'member.update',
      { channelId, userId: dana.id, role: 'owner' },
      'member.not_found',
    )
    await alice.isRefused(
      'member.update',
      { channelId, userId: bob.id, role: 'king' },
      'bad_request',
    )
    await dana.isRefused(
      'member.update',
      { channelId, userId: dana.id, role: 'owner' },
      'channel.not_found',
    )

    const { member } = await alice.does('member.update', {
      channelId,
      userId: charlie.id,
      role: 'owner',
    })
    expect(member).toMatchObject({ userId: charlie.id, role: 'owner' })
    expect(
      await alice.does('member.update', { channelId, userId: charlie.id, role: 'owner' }),
    ).toEqual({ member })
  },
)

bothDoors(
  'who is removed sees nothing of what comes after [VIS-3, VIS-4, SYNC-9]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const { line } = await bob.connects({ channels: [{ id: channelId, interest: 'list' }] })
    const old = await alice.says(channelId, 'hello bob')
    await bob.sees(channelId, { id: old.id })
    await alice.does('member.remove', { channelId, userId: bob.id })
    bob.ears.forget()

    await alice.says(channelId, `without bob ${letters}`)
    await alice.does('message.edit', { channelId, messageId: old.id, text: `edited ${letters}` })
    await alice.does('event.send', { channelId, name: 'wave', data: { to: letters } })
    await alice.does('channel.update', { channelId, name: `Without bob ${letters}` })
    await line.sees(
      'event',
      ({ name, data }) => name === 'channel.left' && data['reason'] === 'removed',
    )
    await bob.isRefused('message.history', { channelId }, 'channel.not_found')
    await bob.isRefused('message.get', { channelId, messageId: old.id }, 'channel.not_found')
    await bob.isRefused(
      'message.send',
      { channelId, clientId: clientId(), text: 'let me in' },
      'channel.not_found',
    )
    await bob.isRefused(
      'message.edit',
      { channelId, messageId: old.id, text: 'mine' },
      'channel.not_found',
    )
    await bob.isRefused(
      'member.add',
      { channelId, members: [{ userId: bob.id }] },
      'channel.not_found',
    )
    expect(
      await bob.does('sync.pull', { channels: [{ id: channelId, epoch: 1, seq: 2 }] }),
    ).toMatchObject({ channels: [{ status: 'gone', reason: 'removed' }] })
    await bob.seesNothingOf(letters, old.id)
    await charlie.sees(channelId, { text: `without bob ${letters}` })
  },
)

bothDoors(
  'moderators remove members, and never an owner [VIS-8]',
  async ({ alice, bob, charlie, meets, opensGroup }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie, dana])
    await charlie.isRefused('member.remove', { channelId, userId: dana.id }, 'forbidden')
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await bob.isRefused('member.remove', { channelId, userId: alice.id }, 'forbidden')
    await bob.does('member.remove', { channelId, userId: dana.id })
    await bob.isRefused('member.remove', { channelId, userId: dana.id }, 'member.not_found')
    await dana.isRefused('member.remove', { channelId, userId: bob.id }, 'channel.not_found')
    expect(await charlie.does('channel.get', { channelId })).toMatchObject({
      channel: { memberCount: 3 },
    })
  },
)

bothDoors(
  'people leave by themselves, and leaving twice is one leaving [OP-4, SYNC-9]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    await bob.does('member.leave', { channelId })
    await bob.does('member.leave', { channelId })
    await alice.line.sees(
      'event',
      ({ name, by, data }) => name === 'member.left' && by === bob.id && data['memberCount'] === 2,
    )
    expect(alice.copyOf(channelId).told.filter(({ name }) => name === 'member.left')).toHaveLength(
      1,
    )
    expect(await bob.does('sync.pull', { channels: [{ id: channelId }] })).toMatchObject({
      channels: [{ status: 'gone', reason: 'left' }],
    })
    await bob.isRefused('channel.get', { channelId }, 'channel.not_found')
    await charlie.does('member.leave', { channelId })
  },
)

bothDoors(
  'the last owner stays until somebody else is one [VIS-8]',
  async ({ alice, bob, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.isRefused('member.leave', { channelId }, 'member.last_owner')
    await alice.isRefused(
      'member.update',
      { channelId, userId: alice.id, role: 'member' },
      'member.last_owner',
    )
    await server.isRefused('member.remove', { channelId, userId: alice.id }, 'member.last_owner')
    await alice.does('member.update', { channelId, userId: bob.id, role: 'owner' })
    await alice.does('member.leave', { channelId })
    await bob.isRefused('member.leave', { channelId }, 'member.last_owner')
  },
)

story(
  'two owners who leave at once: one of them stays [VIS-8]',
  async ({ alice, bob, opensGroup }) => {
    for (let round = 0; round < 10; round++) {
      const { id: channelId } = await opensGroup([bob])
      await alice.does('member.update', { channelId, userId: bob.id, role: 'owner' })
      const answers = await Promise.all([
        alice.ask('member.leave', { channelId }),
        bob.ask('member.leave', { channelId }),
      ])
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
      expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]))).toEqual([
        'member.last_owner',
      ])
    }
  },
)

bothDoors(
  'members come in pages and by role [REST-9]',
  async ({ alice, bob, charlie, server, opensGroup, letters }) => {
    const crowd = Array.from({ length: 12 }, (_, index) => ({ id: `crowd-${index}-${letters}` }))
    await server.does('user.upsert', { users: crowd })
    const { id: channelId } = await opensGroup([bob])
    await alice.does('member.add', { channelId, members: crowd.map(({ id }) => ({ userId: id })) })
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    const seen: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const page = await bob.does('member.list', {
        channelId,
        limit: 5,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.members.map(({ user }) => user.id))
      cursor = page.next ?? undefined
      pages++
    } while (cursor)
    expect(pages).toBe(3)
    expect(new Set(seen)).toEqual(new Set([alice.id, bob.id, ...crowd.map(({ id }) => id)]))
    expect(seen).toHaveLength(14)
    const { members } = await alice.does('member.list', { channelId, role: 'moderator' })
    expect(members.map(({ member }) => member.userId)).toEqual([bob.id])
    const { next } = await alice.does('member.list', { channelId, limit: 5 })
    await alice.isRefused('member.list', { channelId, role: 'member', cursor: next }, 'bad_request')
    await charlie.isRefused('member.list', { channelId }, 'channel.not_found')
    await charlie.seesNothingOf(letters)
  },
)
