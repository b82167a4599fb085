import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Input } from '../src/contract.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'a deleted channel is gone for everybody, with all that was in it [DEL-3, SYNC-9, VIS-4]',
  async ({ alice, bob, charlie, server, letters, opensGroup }) => {
    const channel = await opensGroup([bob], { name: `Doomed ${letters}` })
    const channelId = channel.id
    const message = await bob.says(channelId, `last words ${letters}`)
    await bob.isRefused('channel.delete', { channelId }, 'forbidden')
    await charlie.isRefused('channel.delete', { channelId }, 'channel.not_found')

    await alice.does('channel.delete', { channelId })
    for (const person of [alice, bob]) {
      await person.line.sees(
        'event',
        ({ channel: at, name }) => at === channelId && name === 'channel.deleted',
      )
      await person.line.sees(
        'event',
        ({ name, data }) =>
          name === 'channel.left' &&
          data['channelId'] === channelId &&
          data['reason'] === 'deleted',
      )
      await person.isRefused('channel.get', { channelId }, 'channel.not_found')
      await person.isRefused(
        'message.send',
        { channelId, clientId: clientId(), text: 'still here?' },
        'channel.not_found',
      )
      await person.isRefused(
        'message.get',
        { channelId, messageId: message.id },
        'channel.not_found',
      )
      await person.isRefused('message.history', { channelId }, 'channel.not_found')
      await person.isRefused('member.list', { channelId }, 'channel.not_found')
      expect(await person.does('sync.pull', { channels: [{ id: channelId }] })).toMatchObject({
        channels: [{ status: 'gone', reason: 'deleted' }],
      })
      expect(await person.does('channel.list', {})).toEqual({ channels: [], next: null })
    }
    await server.isRefused('channel.get', { channelId }, 'channel.not_found')
    expect(await charlie.does('sync.pull', { channels: [{ id: channelId }] })).toMatchObject({
      channels: [{ status: 'gone', reason: 'unknown' }],
    })
    await charlie.seesNothingOf(letters)
  },
)

bothDoors(
  'deleting twice, or a channel that never was, is not found',
  async ({ alice, opensGroup }) => {
    const { id: channelId } = await opensGroup([])
    await alice.does('channel.delete', { channelId })
    await alice.isRefused('channel.delete', { channelId }, 'channel.not_found')
  },
)

story(
  'a deleted channel frees its key; the next one has a new id [DEL-3]',
  async ({ alice, server, letters }) => {
    const wish = { key: `room-${letters}`, members: [{ userId: alice.id }] }
    const { channel: first } = await server.does('channel.getOrCreate', wish)
    await alice.watches(first.id)
    await server.does('channel.delete', { channelId: first.id })
    const { channel: second, created } = await server.does('channel.getOrCreate', wish)
    expect(created).toBe(true)
    expect(second.id).not.toBe(first.id)
    await alice.watches(second.id)
  },
)

story(
  'a retry of the wish that made a deleted channel does not make it again [OP-2]',
  async ({ alice }) => {
    const wish: Input<'channel.create'> = { clientId: clientId(), name: 'Short' }
    const { channel } = await alice.does('channel.create', wish)
    await alice.does('channel.delete', { channelId: channel.id })
    await alice.isRefused('channel.create', wish, 'conflict')
  },
)

story(
  'a deleted channel opens a place for the own list, not for the profile of others [VIS-7]',
  async ({ alice, bob, opensGroup }) => {
    const { id } = await opensGroup([bob])
    await bob.does('user.get', { userId: alice.id })
    await alice.does('channel.delete', { channelId: id })
    await bob.line.sees(
      'event',
      ({ name, data }) => name === 'channel.left' && data['channelId'] === id,
    )
    await bob.isRefused('user.get', { userId: alice.id }, 'user.not_found')
  },
)
