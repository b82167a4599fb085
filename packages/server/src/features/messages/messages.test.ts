import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

describe('history', () => {
  test('pages both ways and around a message, and says exactly what it covers', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const at = { channelId: channel.id }
    const seqs: number[] = []
    for (let i = 0; i < 25; i++) {
      const { message } = await alice.call('message.send', {
        ...at,
        clientId: clientId(),
        text: `${i}`,
      })
      seqs.push(message.seq)
    }
    const page = async (input: object) => {
      const { messages, ...range } = await alice.call('message.history', {
        ...at,
        limit: 10,
        ...input,
      })
      return { seqs: messages.map((message: { seq: number }) => message.seq), ...range }
    }
    const newest = await page({})
    expect(newest).toMatchObject({
      seqs: seqs.slice(15),
      hasOlder: true,
      hasNewer: false,
      high: seqs[24],
    })
    const middle = await page({ before: newest.low })
    expect(middle).toMatchObject({
      seqs: seqs.slice(5, 15),
      hasOlder: true,
      hasNewer: true,
      high: newest.low - 1,
    })
    const oldest = await page({ before: middle.low })
    expect(oldest).toMatchObject({ seqs: seqs.slice(0, 5), low: 0, hasOlder: false })
    expect(await page({ after: oldest.high })).toMatchObject({
      seqs: seqs.slice(5, 15),
      hasNewer: true,
    })
    expect(await page({ around: seqs[12] })).toMatchObject({
      seqs: seqs.slice(8, 18),
      hasOlder: true,
      hasNewer: true,
    })
    // With nothing before it a page begins at 0, as the range of a reset does.
    expect(await page({ after: 0 })).toMatchObject({ low: 0, hasOlder: false })
    expect(await page({ around: seqs[2] })).toMatchObject({ low: 0, hasOlder: false })
    expect(await page({ before: 1 })).toMatchObject({ seqs: [], low: 0, high: 0, hasOlder: false })
    const beyond = await page({ after: 1000 })
    expect(beyond).toMatchObject({ seqs: [], low: 1001, high: seqs[24], hasOlder: true })
    expect(await code(page({ before: 1, after: 2 }))).toBe('bad_request')
  })

  test('of a channel that hides the past begins at the joining', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      history: 'sinceJoin',
    })
    const at = { channelId: channel.id }
    const { message: old } = await alice.call('message.send', {
      ...at,
      clientId: clientId(),
      text: 'before bob',
    })
    await alice.call('member.add', { ...at, members: [{ userId: 'bob' }] })
    const { message: later } = await alice.call('message.send', {
      ...at,
      clientId: clientId(),
      text: 'hello bob',
    })

    const { messages } = await bob.call('message.history', at)
    const said = messages.filter(({ kind }: { kind: string }) => kind === 'text')
    expect(said.map(({ id }: { id: string }) => id)).toEqual([later.id])
    expect(await code(bob.call('message.get', { ...at, messageId: old.id }))).toBe(
      'message.not_found',
    )
    const quote = { ...at, clientId: clientId(), text: 'what?', quotedId: old.id }
    expect(await code(bob.call('message.send', quote))).toBe('message.not_found')

    await alice.call('message.edit', { ...at, messageId: old.id, text: 'before bob, edited' })
    const { channels } = await bob.call('sync.pull', {
      channels: [{ id: channel.id, epoch: 1, seq: later.seq }],
    })
    expect(channels).toMatchObject([{ status: 'delta', messages: [], through: later.seq + 1 }])
    expect(core.heard.at(-1)).toMatchObject({ subjectSeq: old.seq, last: null })
  })
})

test('whoever joins a channel that anybody may read sees no less than before', async () => {
  await using core = await openCore()
  const bob = await core.user('bob')
  const { channel } = await core.server('channel.getOrCreate', {
    key: 'show',
    type: 'live',
    history: 'sinceJoin',
  })
  const at = { channelId: channel.id }
  await core.server('message.send', { ...at, clientId: clientId(), text: 'welcome' })
  expect((await bob.call('message.history', at)).messages).toHaveLength(1)
  await bob.call('member.join', at)
  expect((await bob.call('message.history', at)).messages).toHaveLength(1)
})

describe('mentions', () => {
  test('are members, inside the text, and everybody only with the right', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    await core.user('charlie')
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      members: [{ userId: 'bob' }],
    })
    const say = (who: typeof alice, mention: object) =>
      code(
        who.call('message.send', {
          channelId: channel.id,
          clientId: clientId(),
          text: 'hi there',
          mentions: [{ start: 0, length: 2, ...mention }],
        }),
      )
    expect(await say(bob, { kind: 'user', userId: 'alice' })).toBe('done')
    expect(await say(bob, { kind: 'user', userId: 'charlie' })).toBe('bad_request')
    expect(await say(bob, { kind: 'user', userId: 'alice', start: 7 })).toBe('bad_request')
    expect(await say(bob, { kind: 'channel' })).toBe('forbidden')
    expect(await say(alice, { kind: 'channel' })).toBe('done')
  })

  test('of everybody are refused on edit too', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      members: [{ userId: 'bob' }],
    })
    const at = { channelId: channel.id }
    const { message } = await bob.call('message.send', {
      ...at,
      clientId: clientId(),
      text: 'hi there',
    })
    const mentions = [{ kind: 'channel', start: 0, length: 2 }]
    expect(await code(bob.call('message.edit', { ...at, messageId: message.id, mentions }))).toBe(
      'forbidden',
    )
  })
})

test('a row that cannot be read breaks no page, no list and no sync', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
  const at = { channelId: channel.id }
  for (let i = 0; i < 5; i++)
    await alice.call('message.send', { ...at, clientId: clientId(), text: `${i}` })
  await core.spoil(
    `UPDATE messages SET custom = '{broken', mentions = '"no array"' WHERE seq = 4`,
    `UPDATE channels SET custom = 'null', people = '{}'`,
    `UPDATE users SET custom = '[]'`,
  )

  const { messages } = await alice.call('message.history', at)
  expect(messages).toHaveLength(5)
  expect(messages[1]).toMatchObject({ custom: {}, mentions: [] })
  expect((await alice.call('channel.list')).channels).toMatchObject([
    { channel: { custom: {}, people: [] } },
  ])
  expect(
    await alice.call('sync.pull', { user: null, channels: [{ id: channel.id }] }),
  ).toMatchObject({
    user: { user: { custom: {} } },
    channels: [{ status: 'reset' }],
  })
})

test('times never contradict the order when the clock steps back', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  const send = () =>
    alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
  const { message: first } = await send()
  core.clock.ms -= 3_600_000
  const { message: second } = await send()
  expect(second.seq).toBeGreaterThan(first.seq)
  expect(second.createdAt).toBeGreaterThanOrEqual(first.createdAt)
  expect(BigInt(second.id) > BigInt(first.id)).toBe(true)
})
