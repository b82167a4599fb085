import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'everyone in the channel sees what is said; others do not [SEND-3, SEQ-4, EVT-4]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const id = clientId()
    const { message, duplicate } = await alice.does('message.send', {
      channelId,
      clientId: id,
      text: `lunch? ${letters}`,
      custom: { at: 12 },
    })
    expect(duplicate).toBe(false)
    expect(message).toMatchObject({
      channelId,
      clientId: id,
      author: alice.id,
      kind: 'text',
      text: `lunch? ${letters}`,
      mentions: [],
      attachments: [],
      reactions: {},
      custom: { at: 12 },
    })
    expect(message.version).toBe(message.seq)
    for (const absent of ['editedAt', 'deletedAt', 'quotedId'])
      expect(message).not.toHaveProperty(absent)

    expect(await bob.sees(channelId, { id: message.id })).toEqual(message)
    expect(await bob.does('message.get', { channelId, messageId: message.id })).toEqual({
      message,
      ownReactions: {},
    })
    await charlie.isRefused(
      'message.get',
      { channelId, messageId: message.id },
      'channel.not_found',
    )
    await charlie.isRefused(
      'message.send',
      { channelId, clientId: clientId(), text: 'me too' },
      'channel.not_found',
    )
    await charlie.seesNothingOf(letters, channelId, message.id)
  },
)

bothDoors('a text comes back as it was sent [VAL-8]', async ({ alice, bob, opensGroup }) => {
  const { id: channelId } = await opensGroup([bob])
  const texts = [
    '  *two* spaces  \r\n\ttabs',
    'e\u0301 is not é',
    '🏳️‍🌈 👨‍👩‍👧',
    '<b onclick="x">&amp;</b>',
    '\u202Eright to left',
    `"quotes" \\ back`,
    'x'.repeat(20_480),
  ]
  for (const text of texts) {
    const message = await alice.says(channelId, text)
    expect(message.text).toBe(text)
    await bob.sees(channelId, { id: message.id, text })
  }
})

bothDoors(
  'what is no message is not stored [VAL-5, LIM-2]',
  async ({ alice, opensGroup, door }) => {
    const { id: channelId } = await opensGroup([])
    const wish = { channelId, clientId: clientId(), text: 'fine' }
    const bad = [
      { text: '' },
      { text: ' \n\t ' },
      { text: '\u200B' },
      { text: 'a\u0000b' },
      { text: 'é'.repeat(10_241) },
      { text: 5 },
      { text: null },
      { clientId: '019A9F2E-8C4B-7D3A-9F10-2B6C5D4E3F21' },
      { clientId: '019a9f2e-8c4b-4d3a-9f10-2b6c5d4e3f21' },
      { clientId: 'x' },
      { custom: { deep: [[[[[[[[1]]]]]]]] } },
      { custom: { big: 'x'.repeat(8192) } },
      { custom: [] },
      { seq: 1 },
      { createdAt: 1 },
      { kind: 'system' },
      { id: '1' },
      { attachments: [] },
      { quotedId: 'x' },
      { mentions: 'all' },
      { mentions: [{ kind: 'user', start: 0, length: 1 }] },
      { mentions: [{ kind: 'user', userId: alice.id, start: 0, length: 1, more: 1 }] },
    ]
    for (const change of bad)
      await alice.isRefused('message.send', { ...wish, ...change }, 'bad_request')
    if (door === 'socket')
      await alice.isRefused('message.send', { clientId: clientId(), text: 'where?' }, 'bad_request')
    await alice.isRefused('message.send', { ...wish, author: alice.id }, 'forbidden')
    expect(await alice.does('message.history', { channelId })).toMatchObject({ messages: [] })
  },
)

story(
  'a retry over the other door is the same message [SEND-6, SEND-4]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const wish = { channelId, clientId: clientId(), text: 'once', custom: { a: 1, b: 2 } }
    const { message, epoch } = await alice.does('message.send', wish)
    alice.door = 'rest'
    expect(await alice.does('message.send', { ...wish, custom: { b: 2, a: 1 } })).toEqual({
      message,
      epoch,
      duplicate: true,
      nextInMs: 0,
    })
    alice.door = 'socket'
    const { message: edited } = await alice.does('message.edit', {
      channelId,
      messageId: message.id,
      text: 'once, edited',
    })
    expect(await alice.does('message.send', wish)).toEqual({
      message: edited,
      epoch,
      duplicate: true,
      nextInMs: 0,
    })
    const { message: deleted } = await alice.does('message.delete', {
      channelId,
      messageId: message.id,
    })
    expect(await alice.does('message.send', wish)).toEqual({
      message: deleted,
      epoch,
      duplicate: true,
      nextInMs: 0,
    })
    expect(
      bob.copyOf(channelId).told.filter(({ name }) => name === 'message.created'),
    ).toHaveLength(1)
  },
)

bothDoors(
  'a client id stands for one message [SEND-6]',
  async ({ alice, bob, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { id: elsewhere } = await opensGroup([bob])
    const wish = { channelId, clientId: clientId(), text: 'once' }
    const first = await alice.does('message.send', wish)
    for (const change of [
      { text: 'twice' },
      { custom: { a: 1 } },
      { quotedId: first.message.id },
      { mentions: [{ kind: 'user', userId: bob.id, start: 0, length: 2 }] },
    ])
      await alice.isRefused('message.send', { ...wish, ...change }, 'message.client_id_reused')
    // Another author, another channel, the app itself: each has wishes of its own.
    for (const other of [
      await bob.does('message.send', wish),
      await alice.does('message.send', { ...wish, channelId: elsewhere }),
      await server.does('message.send', wish),
    ]) {
      expect(other.duplicate).toBe(false)
      expect(other.message.id).not.toBe(first.message.id)
    }
    // An app server that speaks for alice repeats alice's wish.
    expect(await server.does('message.send', { ...wish, author: alice.id })).toEqual({
      message: first.message,
      epoch: first.epoch,
      duplicate: true,
      nextInMs: 0,
    })
  },
)

story(
  'the same send many times at once is one message [SEND-6, SEQ-3]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const wish = { channelId, clientId: clientId(), text: 'once' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        alice.ask('message.send', wish, index % 2 ? 'rest' : 'socket'),
      ),
    )
    const ids = answers.map(
      (answer) => answer.ok && (answer.data as { message: { id: string } }).message.id,
    )
    expect(new Set(ids).size).toBe(1)
    expect(
      answers.filter((answer) => answer.ok && (answer.data as { duplicate: boolean }).duplicate),
    ).toHaveLength(19)
  },
)

story(
  'everybody talks at once, and everybody has the same order without holes [SEQ-2]',
  async ({ alice, bob, charlie, opensGroup, holds }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const say = (index: number) =>
      [alice, bob, charlie][index % 3]?.ask(
        'message.send',
        { channelId, clientId: clientId(), text: `number ${index}` },
        index % 2 ? 'rest' : 'socket',
      )
    await Promise.all(Array.from({ length: 30 }, (_, index) => say(index)))
    await holds()
    const orders = [alice, bob, charlie].map((person) =>
      person.copyOf(channelId).told.map(({ seq }) => seq),
    )
    expect(orders[0]).toEqual(Array.from({ length: 30 }, (_, index) => 5 + index))
    expect(orders[1]).toEqual(orders[0])
    expect(orders[2]).toEqual(orders[0])
  },
)

story(
  'an app server speaks for itself, or for somebody [SEND-12]',
  async ({ alice, bob, charlie, server, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const { message: own } = await server.does('message.send', {
      channelId,
      clientId: clientId(),
      text: `from the app ${letters}`,
    })
    expect(own).toMatchObject({ author: null })
    await bob.sees(channelId, { id: own.id, author: null })
    const { message: his } = await server.does('message.send', {
      channelId,
      clientId: clientId(),
      text: 'from bob',
      author: bob.id,
    })
    expect(his).toMatchObject({ author: bob.id })
    await bob.does('message.edit', {
      channelId,
      messageId: his.id,
      text: 'from bob, edited by bob',
    })
    await alice.sees(channelId, { text: 'from bob, edited by bob', author: bob.id })
    await server.isRefused(
      'message.send',
      { channelId, clientId: clientId(), text: 'x', author: `nobody-${letters}` },
      'user.not_found',
    )
    await charlie.seesNothingOf(letters)
  },
)

bothDoors(
  'a quote names a message of the same channel [SEND-10]',
  async ({ alice, bob, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const { id: elsewhere } = await opensGroup([])
    const quoted = await bob.says(channelId, 'question?')
    const answer = await alice.says(channelId, 'answer!', { quotedId: quoted.id })
    expect(answer).toMatchObject({ quotedId: quoted.id })
    await bob.sees(channelId, { id: answer.id, quotedId: quoted.id })
    const foreign = await alice.says(elsewhere, `foreign ${letters}`)
    await bob.isRefused(
      'message.send',
      { channelId, clientId: clientId(), text: 'look', quotedId: foreign.id },
      'message.not_found',
    )
    await alice.isRefused(
      'message.send',
      { channelId, clientId: clientId(), text: 'look', quotedId: '1' },
      'message.not_found',
    )
    await bob.seesNothingOf(letters)
  },
)
