import { expect } from 'vitest'
import { bothDoors } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

const user = (userId: string, start = 0, length = 1) => ({
  kind: 'user' as const,
  userId,
  start,
  length,
})
const channel = { kind: 'channel' as const, start: 0, length: 4 }

bothDoors(
  'members are mentioned, by UTF-16 positions [SEND-9, VAL-8, SEQ-11]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const mentions = [user(bob.id, 3, 4), user(alice.id, 8, 2)]
    const message = await alice.says(channelId, '🦩 @bob me', { mentions })
    expect(message.mentions).toEqual(mentions)
    expect(await bob.sees(channelId, { id: message.id })).toMatchObject({ mentions })
    await charlie.seesNothingOf(channelId)
  },
)

bothDoors(
  'nobody mentions a stranger, or outside the text [SEND-9]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const wish = (mentions: object[]) => ({
      channelId,
      clientId: clientId(),
      text: '@bob',
      mentions,
    })
    const stranger = await alice.isRefused('message.send', wish([user(charlie.id)]), 'bad_request')
    const nobody = await alice.isRefused(
      'message.send',
      wish([user(`nobody-${letters}`)]),
      'bad_request',
    )
    expect(stranger.details).toEqual(nobody.details)
    for (const bad of [
      user(bob.id, 0, 5),
      user(bob.id, 4, 1),
      user(bob.id, 0, 0),
      user(bob.id, -1, 2),
    ])
      await alice.isRefused('message.send', wish([bad]), 'bad_request')
    await alice.isRefused(
      'message.send',
      wish(Array.from({ length: 51 }, () => user(bob.id))),
      'bad_request',
    )
    await alice.does('message.send', wish(Array.from({ length: 50 }, () => user(bob.id))) as never)
    await bob.does('member.leave', { channelId })
    await alice.isRefused('message.send', wish([user(bob.id)]), 'bad_request')
  },
)

bothDoors(
  'the whole channel is mentioned by owners and moderators only, on edit too [SEND-9]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const wish = () => ({
      channelId,
      clientId: clientId(),
      text: '@all lunch',
      mentions: [channel],
    })
    await alice.does('message.send', wish())
    await bob.isRefused('message.send', wish(), 'forbidden')
    const { message } = await bob.does('message.send', { ...wish(), mentions: [] })
    await bob.isRefused(
      'message.edit',
      { channelId, messageId: message.id, mentions: [channel] },
      'forbidden',
    )
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    expect(
      await bob.does('message.edit', { channelId, messageId: message.id, mentions: [channel] }),
    ).toMatchObject({ message: { mentions: [channel] } })
  },
)

bothDoors('in a direct channel everybody mentions everybody [SEND-9]', async ({ alice, bob }) => {
  const { channel: direct } = await alice.does('channel.create', {
    clientId: clientId(),
    type: 'direct',
    members: [{ userId: bob.id }],
  })
  await alice.watches(direct.id)
  await bob.does('message.send', {
    channelId: direct.id,
    clientId: clientId(),
    text: '@all',
    mentions: [channel],
  })
})

bothDoors(
  'a new text without mentions has none; a text that stays keeps them [SEND-11, VAL-7]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const mentions = [user(bob.id, 0, 4)]
    const { id: messageId } = await alice.says(channelId, '@bob hi', { mentions })
    expect(
      await alice.does('message.edit', { channelId, messageId, custom: { a: 1 } }),
    ).toMatchObject({ message: { mentions } })
    expect(
      await alice.does('message.edit', { channelId, messageId, text: '@bob hello', mentions }),
    ).toMatchObject({ message: { mentions } })
    expect(
      await alice.does('message.edit', { channelId, messageId, text: 'hi all' }),
    ).toMatchObject({ message: { mentions: [] } })
    expect(
      await alice.does('message.edit', { channelId, messageId, mentions: [user(bob.id)] }),
    ).toMatchObject({ message: { mentions: [user(bob.id)] } })
    expect(
      await alice.does('message.edit', { channelId, messageId, mentions: null }),
    ).toMatchObject({ message: { mentions: [] } })
    await alice.isRefused(
      'message.edit',
      { channelId, messageId, mentions: [user(charlie.id)] },
      'bad_request',
    )
    await alice.isRefused(
      'message.edit',
      { channelId, messageId, text: 'hi', mentions: [user(bob.id, 0, 3)] },
      'bad_request',
    )
  },
)
