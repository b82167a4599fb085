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
