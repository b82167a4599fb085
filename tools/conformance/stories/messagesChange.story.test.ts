import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'

bothDoors(
  'people edit what is theirs, and nobody else does [SEND-11, VAL-7]',
  async ({ alice, bob, charlie, opensGroup, letters, meets }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie])
    const message = await bob.says(channelId, 'frist', { custom: { keep: true } })
    const { message: edited } = await bob.does('message.edit', {
      channelId,
      messageId: message.id,
      text: `first ${letters}`,
    })
    expect(edited).toMatchObject({
      id: message.id,
      seq: message.seq,
      text: `first ${letters}`,
      custom: { keep: true },
      createdAt: message.createdAt,
    })
    expect(edited.version).toBeGreaterThan(message.version)
    expect(edited.editedAt).toBeGreaterThanOrEqual(message.createdAt)
    expect(await alice.sees(channelId, { text: `first ${letters}` })).toEqual(edited)

    expect(
      await bob.does('message.edit', { channelId, messageId: message.id, custom: null }),
    ).toMatchObject({ message: { text: `first ${letters}`, custom: {} } })
    await alice.does('member.update', { channelId, userId: charlie.id, role: 'moderator' })
    for (const person of [alice, charlie])
      await person.isRefused(
        'message.edit',
        { channelId, messageId: message.id, text: 'mine' },
        'forbidden',
      )
    await dana.isRefused(
      'message.edit',
      { channelId, messageId: message.id, text: 'mine' },
      'channel.not_found',
    )
    await bob.isRefused(
      'message.edit',
      { channelId, messageId: '1', text: 'x' },
      'message.not_found',
    )
    for (const change of [
      { text: '' },
      { text: null },
      { author: alice.id },
      { seq: 1 },
      { ifVersion: -1 },
    ])
      await bob.isRefused(
        'message.edit',
        { channelId, messageId: message.id, ...change },
        'bad_request',
      )
    await dana.seesNothingOf(letters)
  },
)

bothDoors(
  'an edit that changes nothing is no event [REQ-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const message = await alice.says(channelId, 'as it is', { custom: { a: 1 } })
    expect(
      await alice.does('message.edit', {
        channelId,
        messageId: message.id,
        text: 'as it is',
        custom: { a: 1 },
      }),
    ).toMatchObject({ message })
    expect(await alice.does('message.edit', { channelId, messageId: message.id })).toMatchObject({
      message,
    })
  },
)

bothDoors(
  'an edit that names an old version is refused, and brings the present message [SEND-11, ERR-4]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const message = await alice.says(channelId, 'one')
    const { message: second } = await alice.does('message.edit', {
      channelId,
      messageId: message.id,
      text: 'two',
      ifVersion: message.version,
    })
    const error = await alice.isRefused(
      'message.edit',
      { channelId, messageId: message.id, text: 'three', ifVersion: message.version },
      'message.version_conflict',
    )
    expect(error.details).toEqual({ message: second })
    await bob.isRefused(
      'message.edit',
      { channelId, messageId: message.id, text: 'three', ifVersion: message.version },
      'forbidden',
    )
    await alice.does('message.edit', {
      channelId,
      messageId: message.id,
      text: 'three',
      ifVersion: second.version,
    })
  },
)

story(
  'two edits of one version at once: one of them stands [SEND-11]',
  async ({ alice, opensGroup }) => {
    const { id: channelId } = await opensGroup([])
    const message = await alice.says(channelId, 'zero')
    const edit = (text: string) =>
      alice.ask(
        'message.edit',
        { channelId, messageId: message.id, text, ifVersion: message.version },
        text === 'a' ? 'rest' : 'socket',
      )
    const answers = await Promise.all([edit('a'), edit('b')])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  },
)

bothDoors(
  'a deleted message is a tombstone, and deleting twice is one deletion [DEL-1, DEL-2]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const quoted = await alice.says(channelId, 'something to quote')
    const mentions = [{ kind: 'user' as const, userId: bob.id, start: 0, length: 3 }]
    const message = await alice.says(channelId, `oh no ${letters}`, {
      mentions,
      quotedId: quoted.id,
      custom: { tag: letters },
    })
    await bob.sees(channelId, { id: message.id })
    const { message: tombstone } = await alice.does('message.delete', {
      channelId,
      messageId: message.id,
    })
    const { id, seq, clientId, author, createdAt, kind } = message
    expect(tombstone).toEqual({
      id,
      seq,
      clientId,
      author,
      createdAt,
      kind,
      channelId,
      text: null,
      mentions: [],
      attachments: [],
      reactions: {},
      reactionsVersion: 0,
      custom: {},
      version: message.version + 1,
      deletedAt: tombstone.deletedAt,
    })
    await bob.sees(channelId, { id, text: null })
    expect(await alice.does('message.delete', { channelId, messageId: id })).toMatchObject({
      message: tombstone,
    })
    await alice.isRefused(
      'message.edit',
      { channelId, messageId: id, text: 'back again' },
      'message.deleted',
    )

    bob.ears.forget()
    expect(await bob.does('message.get', { channelId, messageId: id })).toEqual({
      message: tombstone,
      ownReactions: {},
    })
    await bob.does('message.history', { channelId })
    await bob.does('sync.pull', { channels: [{ id: channelId }] })
    expect(await bob.does('channel.get', { channelId })).toMatchObject({ last: { id, text: null } })
    await bob.connects({ channels: [{ id: channelId, interest: 'full' }] })
    await bob.seesNothingOf(letters)
    await charlie.isRefused('message.delete', { channelId, messageId: id }, 'channel.not_found')
  },
)

bothDoors(
  'members delete what is theirs, moderators and owners anything [SEND-11]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const mine = await alice.says(channelId, 'of alice')
    await bob.isRefused('message.delete', { channelId, messageId: mine.id }, 'forbidden')
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await bob.does('message.delete', { channelId, messageId: mine.id })
    const his = await charlie.says(channelId, 'of charlie')
    await alice.does('message.delete', { channelId, messageId: his.id })
    const another = await charlie.says(channelId, 'of charlie again')
    await charlie.does('message.delete', { channelId, messageId: another.id })
    const last = await bob.says(channelId, 'of bob')
    await server.does('message.edit', { channelId, messageId: last.id, text: 'changed by the app' })
    await server.does('message.delete', { channelId, messageId: last.id })
    expect(
      (await charlie.does('message.history', { channelId })).messages.map(({ text }) => text),
    ).toEqual([null, null, null, null])
  },
)

story(
  'in a direct channel nobody deletes what the other said [SEND-11]',
  async ({ alice, bob }) => {
    const { channel } = await alice.does('channel.create', {
      clientId: '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21',
      type: 'direct',
      members: [{ userId: bob.id }],
    })
    for (const person of [alice, bob]) await person.watches(channel.id)
    const message = await alice.says(channel.id, 'for you')
    await bob.isRefused(
      'message.delete',
      { channelId: channel.id, messageId: message.id },
      'forbidden',
    )
    await bob.isRefused(
      'message.edit',
      { channelId: channel.id, messageId: message.id, text: 'for me' },
      'forbidden',
    )
    await alice.does('message.delete', { channelId: channel.id, messageId: message.id })
  },
)
