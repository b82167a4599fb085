import { expect } from 'vitest'
import { bothDoors } from '../src/cast.ts'

bothDoors(
  'a custom event reaches everybody who looks at the channel now, and is never stored [EPH-2, INT-1]',
  async ({ alice, bob, charlie, server, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const { line: list } = await bob.connects({ channels: [{ id: channelId, interest: 'list' }] })
    const head = bob.copyOf(channelId).position
    await alice.does('event.send', {
      channelId,
      name: 'poll.nudge',
      data: { poll: letters, deep: { a: [1, null, true] } },
    })
    const told = await bob.line.sees('custom')
    expect(told).toMatchObject({
      channel: channelId,
      by: alice.id,
      name: 'poll.nudge',
      data: { poll: letters, deep: { a: [1, null, true] } },
    })
    await alice.line.sees('custom', ({ by }) => by === alice.id)

    await server.does('event.send', { channelId, name: 'tick' })
    expect(await bob.line.sees('custom', ({ name }) => name === 'tick')).toMatchObject({
      by: null,
      data: {},
    })
    expect(bob.copyOf(channelId).position).toEqual(head)
    expect(
      JSON.stringify(await bob.does('sync.pull', { channels: [{ id: channelId }] })),
    ).not.toContain(letters)
    await list.asks('channel.list', {})
    expect(list.frames.filter(({ type }) => type === 'custom')).toEqual([])
    await charlie.isRefused('event.send', { channelId, name: 'poll.nudge' }, 'channel.not_found')
    await charlie.seesNothingOf(letters, channelId)
  },
)

bothDoors(
  'a custom event is small and has a name of its own [LIM-2]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    for (const name of ['', 'Poll', '1poll', 'a b', 'x'.repeat(65), 'message/created'])
      await alice.isRefused('event.send', { channelId, name }, 'bad_request')
    await alice.isRefused(
      'event.send',
      { channelId, name: 'big', data: { text: 'x'.repeat(4096) } },
      'bad_request',
    )
    await alice.isRefused('event.send', { channelId, name: 'odd', data: [] }, 'bad_request')
    await alice.isRefused('event.send', { channelId, name: 'odd', by: bob.id }, 'bad_request')
    await alice.does('event.send', { channelId, name: 'big', data: { text: 'x'.repeat(4000) } })
    await bob.line.sees('custom', ({ name }) => name === 'big')
    expect(bob.line.frames.filter(({ type }) => type === 'custom')).toHaveLength(1)
  },
)

bothDoors(
  'a custom event cannot pass for an event of the server [EPH-1]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.does('event.send', {
      channelId,
      name: 'message.created',
      data: { message: { text: 'forged' } },
    })
    const frame = await bob.line.sees('custom', ({ name }) => name === 'message.created')
    expect(frame.type).toBe('custom')
    expect(Object.keys(bob.copyOf(channelId).state?.messages ?? {})).toEqual([])
  },
)
