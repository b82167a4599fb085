import type { OperationName } from '@tertulia/protocol'
import { expect } from 'vitest'
import { bothDoors } from '../src/cast.ts'
import { faceOf } from '../src/matrix/asking.ts'
import { clientId, unknownId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

/** Asks the same about something foreign and something that never was. */
async function expectTheSame(
  person: Person,
  name: OperationName,
  about: (id: string) => object,
  [foreign, never]: readonly [string, string],
) {
  const face = async (id: string) => faceOf(await person.ask(name, about(id)), { id } as never)
  expect(await face(foreign), `${name} about something foreign`).toBe(await face(never))
}

bothDoors(
  'in the own channel, what is of another channel is as unknown as what never was [VIS-6]',
  async ({ alice, bob, letters, opensGroup, server }) => {
    const { id: channelId } = await opensGroup([])
    const mine = await alice.says(channelId, 'mine')
    const { channel } = await bob.does('channel.create', { clientId: clientId(), name: letters })
    const his = await bob.says(channel.id, `private ${letters}`)
    await server.does('user.upsert', { users: [{ id: bob.id, name: `Bob ${letters}` }] })

    const messages = [his.id, unknownId()] as const
    await expectTheSame(alice, 'message.get', (messageId) => ({ channelId, messageId }), messages)
    await expectTheSame(
      alice,
      'message.edit',
      (messageId) => ({ channelId, messageId, text: 'x' }),
      messages,
    )
    await expectTheSame(
      alice,
      'message.delete',
      (messageId) => ({ channelId, messageId }),
      messages,
    )
    await expectTheSame(
      alice,
      'message.send',
      (quotedId) => ({ channelId, clientId: clientId(), text: 'x', quotedId }),
      messages,
    )

    const people = [bob.id, `nobody-${letters}`] as const
    await expectTheSame(alice, 'member.remove', (userId) => ({ channelId, userId }), people)
    await expectTheSame(
      alice,
      'member.update',
      (userId) => ({ channelId, userId, role: 'owner' }),
      people,
    )
    await expectTheSame(alice, 'user.get', (userId) => ({ userId }), people)
    await expectTheSame(alice, 'user.query', (id) => ({ ids: [id] }), people)
    await expectTheSame(alice, 'channel.list', (userId) => ({ userId }), people)
    const mention = (userId: string) => [{ kind: 'user', userId, start: 0, length: 1 }]
    await expectTheSame(
      alice,
      'message.send',
      (id) => ({ channelId, clientId: clientId(), text: 'x', mentions: mention(id) }),
      people,
    )
    await expectTheSame(
      alice,
      'message.edit',
      (id) => ({ channelId, messageId: mine.id, mentions: mention(id) }),
      people,
    )

    // The channel of the address decides, and a message is looked for in it alone.
    await alice.isRefused(
      'message.get',
      { channelId: channel.id, messageId: mine.id },
      'channel.not_found',
    )
    await bob.isRefused(
      'message.get',
      { channelId: channel.id, messageId: mine.id },
      'message.not_found',
    )
    await alice.seesNothingOf(letters, his.id)
  },
)
