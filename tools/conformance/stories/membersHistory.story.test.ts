import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'who joins a channel of history "all" sees everything from the beginning [VIS-1]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob], { history: 'all' })
    const old = await alice.says(channelId, 'from before')
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    const copy = await charlie.watches(channelId)
    expect(copy.state?.me?.visibleFrom).toBe(0)
    await charlie.sees(channelId, { text: 'from before' })
    expect(await charlie.does('message.get', { channelId, messageId: old.id })).toEqual({
      message: old,
      ownReactions: {},
    })
    await alice.does('message.edit', { channelId, messageId: old.id, text: 'from before, edited' })
    await charlie.sees(channelId, { text: 'from before, edited' })
  },
)

bothDoors(
  'who joins a channel of history "sinceJoin" sees nothing of before, and hears nothing of it [VIS-1, VIS-2, SEQ-7]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const old = await bob.says(channelId, `secret ${letters}`)
    const quoted = await alice.says(channelId, `more ${letters}`, {
      quotedId: old.id,
      custom: { of: letters },
    })
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    const copy = await charlie.watches(channelId)
    const { line } = await charlie.connects({ channels: [{ id: channelId, interest: 'list' }] })
    expect(copy.state).toMatchObject({ me: { visibleFrom: 6 } })
    const held = Object.values(copy.state?.messages ?? {})
    expect(held, 'but that one joined').toMatchObject([{ seq: 7, system: { event: 'joined' } }])

    await bob.does('message.edit', {
      channelId,
      messageId: old.id,
      text: `still secret ${letters}`,
    })
    const skip = await charlie.line.sees('events', ({ channel }) => channel === channelId)
    expect(skip).toMatchObject({ prev: 7, seq: 8, events: [], omitted: 0 })
    await alice.does('message.delete', { channelId, messageId: quoted.id })
    const fresh = await alice.says(channelId, 'now for charlie')
    await charlie.sees(channelId, { id: fresh.id })

    expect(await charlie.does('message.history', { channelId })).toMatchObject({
      messages: [{ seq: 7 }, { id: fresh.id }],
      low: 0,
      hasOlder: false,
      hasNewer: false,
    })
    expect(await charlie.does('message.history', { channelId, after: 0 })).toMatchObject({
      messages: [{ seq: 7 }, { id: fresh.id }],
      hasOlder: false,
    })
    expect(await charlie.does('message.history', { channelId, before: 5 })).toMatchObject({
      messages: [],
      hasOlder: false,
    })
    expect(await charlie.does('message.history', { channelId, around: 3 })).toMatchObject({
      hasOlder: false,
    })
    for (const messageId of [old.id, quoted.id]) {
      await charlie.isRefused('message.get', { channelId, messageId }, 'message.not_found')
      await charlie.isRefused(
        'message.edit',
        { channelId, messageId, text: 'x' },
        'message.not_found',
      )
      await charlie.isRefused('message.delete', { channelId, messageId }, 'message.not_found')
      await charlie.isRefused(
        'message.send',
        { channelId, clientId: clientId(), text: 'as you said', quotedId: messageId },
        'message.not_found',
      )
    }
    await line.sees('bump', ({ seq }) => seq >= fresh.seq)
    await charlie.seesNothingOf(letters)
  },
)

story(
  'the newest message of before is in no list of who joined since [VIS-1, INT-7]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const old = await alice.says(channelId, `secret ${letters}`)
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    expect(await charlie.does('channel.get', { channelId })).toMatchObject({ last: null })
    expect(await charlie.does('channel.list', {})).toMatchObject({
      channels: [{ channel: { id: channelId }, last: null }],
    })
    await alice.does('message.edit', { channelId, messageId: old.id, text: `edited ${letters}` })
    await charlie.line.sees(
      'bump',
      ({ channel, seq, last }) => channel === channelId && seq === 7 && last === undefined,
    )
    const { line } = await charlie.connects({ channels: [{ id: channelId, interest: 'full' }] })
    await alice.does('message.delete', { channelId, messageId: old.id })
    await line.sees('events', ({ channel, seq }) => channel === channelId && seq === 8)
    await charlie.seesNothingOf(letters)
  },
)

bothDoors(
  'a new policy counts for members to come [VIS-1]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([], { history: 'sinceJoin' })
    await alice.says(channelId, 'one')
    await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
    await alice.does('channel.update', { channelId, history: 'all' })
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    await bob.watches(channelId)
    await charlie.watches(channelId)
    expect(bob.copyOf(channelId).state?.me?.visibleFrom).toBe(4)
    expect(await bob.does('message.history', { channelId })).toMatchObject({
      messages: [{ system: { userIds: [bob.id] } }, { system: { userIds: [charlie.id] } }],
    })
    await charlie.sees(channelId, { text: 'one' })
  },
)

bothDoors(
  'who comes back has a new interval; what was said meanwhile is not in it [VIS-1, SYNC-6, SYNC-7]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob, charlie], { history: 'sinceJoin' })
    const first = await bob.says(channelId, 'before I left')
    const cursor = { epoch: 1, seq: first.seq }
    await bob.does('member.leave', { channelId })
    await alice.says(channelId, `behind the back ${letters}`)
    await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
    await bob.line.sees('event', ({ name, seq }) => name === 'channel.joined' && seq > 1)

    const {
      channels: [sync],
    } = await bob.does('sync.pull', { channels: [{ id: channelId, ...cursor }] })
    expect(sync).toMatchObject({
      status: 'reset',
      reason: 'visibility',
      purge: true,
      messages: [{ system: { event: 'joined', userIds: [bob.id] } }],
    })
    await bob.watches(channelId)
    await bob.isRefused('message.get', { channelId, messageId: first.id }, 'message.not_found')
    const again = await alice.says(channelId, 'welcome back')
    await bob.sees(channelId, { id: again.id })
    await bob.seesNothingOf(letters)
  },
)

bothDoors(
  'after coming back nothing is told until the channel is watched again [INT-10]',
  async ({ alice, bob, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.does('member.remove', { channelId, userId: bob.id })
    await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
    await bob.line.sees('event', ({ name, seq }) => name === 'channel.joined' && seq > 1)
    const said = await alice.says(channelId, `not yet ${letters}`)
    await bob.catchesUp()
    const told = bob.line.frames.filter(
      (frame) => frame.type === 'event' && frame.channel === channelId && frame.seq >= said.seq,
    )
    expect(told).toEqual([])
    await bob.watches(channelId)
    await bob.sees(channelId, { id: said.id })
  },
)
