import { expect } from 'vitest'
import { bothDoors } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'a public channel is joined by whoever wants to, a group by nobody [VIS-6, VIS-5]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { channel } = await server.does('channel.create', {
      clientId: clientId(),
      type: 'public',
      name: 'Open',
      members: [{ userId: alice.id, role: 'owner' }],
    })
    await alice.watches(channel.id)
    await bob.does('channel.get', { channelId: channel.id })
    await bob.isRefused('message.history', { channelId: channel.id }, 'forbidden')
    await bob.isRefused(
      'message.send',
      { channelId: channel.id, clientId: clientId(), text: 'hi' },
      'forbidden',
    )

    const { me } = await bob.does('member.join', { channelId: channel.id })
    expect(me).toMatchObject({ userId: bob.id, role: 'member', state: 'joined' })
    expect(await bob.does('member.join', { channelId: channel.id })).toEqual({ me })
    await bob.watches(channel.id)
    await bob.says(channel.id, 'hi')
    await alice.sees(channel.id, { text: 'hi', author: bob.id })

    const group = await opensGroup([bob])
    await charlie.isRefused('member.join', { channelId: group.id }, 'channel.not_found')
    expect(await bob.does('member.join', { channelId: group.id })).toMatchObject({
      me: { userId: bob.id },
    })
  },
)

bothDoors(
  'a live channel is read by anyone and written by its members',
  async ({ alice, bob, charlie, server }) => {
    const { channel } = await server.does('channel.create', {
      clientId: clientId(),
      type: 'live',
      members: [{ userId: alice.id, role: 'owner' }],
    })
    const channelId = channel.id
    await alice.watches(channelId)
    const copy = await bob.watches(channelId)
    expect(copy.state?.me).toBeNull()
    await alice.says(channelId, 'we are live')
    await bob.sees(channelId, { text: 'we are live' })
    await bob.isRefused(
      'message.send',
      { channelId, clientId: clientId(), text: 'hi' },
      'forbidden',
    )
    await bob.isRefused('event.send', { channelId, name: 'wave' }, 'forbidden')
    await bob.isRefused('member.add', { channelId, members: [{ userId: charlie.id }] }, 'forbidden')
    await bob.isRefused('channel.update', { channelId, name: 'Mine' }, 'forbidden')
    await bob.does('member.join', { channelId })
    await bob.does('message.send', { channelId, clientId: clientId(), text: 'now I may' })
  },
)
