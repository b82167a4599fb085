import { expect } from 'vitest'
import { bothDoors, type Cast } from '../src/cast.ts'

/** Ten messages at 4 to 13, in a channel whose first three events are its own. */
async function tenMessages({ alice, bob, opensGroup }: Pick<Cast, 'alice' | 'bob' | 'opensGroup'>) {
  const { id: channelId } = await opensGroup([bob])
  for (let index = 0; index < 10; index++) await alice.says(channelId, `number ${index}`)
  return channelId
}

bothDoors('history comes in exact ranges, oldest first [REST-9, RANGE-4]', async (cast) => {
  const { bob, charlie } = cast
  const channelId = await tenMessages(cast)
  const range = async (input: object) => {
    const { messages, ...rest } = await bob.does('message.history', { channelId, ...input })
    return [messages.map(({ seq }) => seq), rest] as const
  }
  const all = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
  const at = { epoch: 1, through: 13, ownReactions: {} }
  expect(await range({})).toEqual([
    all,
    { ...at, low: 0, high: 13, hasOlder: false, hasNewer: false },
  ])
  expect(await range({ limit: 3 })).toEqual([
    [11, 12, 13],
    { ...at, low: 11, high: 13, hasOlder: true, hasNewer: false },
  ])
  expect(await range({ limit: 10 })).toEqual([
    all,
    { ...at, low: 0, high: 13, hasOlder: false, hasNewer: false },
  ])
  expect(await range({ before: 11, limit: 3 })).toEqual([
    [8, 9, 10],
    { ...at, low: 8, high: 10, hasOlder: true, hasNewer: true },
  ])
  expect(await range({ before: 6, limit: 3 })).toEqual([
    [4, 5],
    { ...at, low: 0, high: 5, hasOlder: false, hasNewer: true },
  ])
  expect(await range({ before: 1 })).toEqual([
    [],
    { ...at, low: 0, high: 0, hasOlder: false, hasNewer: true },
  ])
  expect(await range({ before: 1000, limit: 2 })).toEqual([
    [12, 13],
    { ...at, low: 12, high: 13, hasOlder: true, hasNewer: false },
  ])
  expect(await range({ after: 11, limit: 2 })).toEqual([
    [12, 13],
    { ...at, low: 12, high: 13, hasOlder: true, hasNewer: false },
  ])
  expect(await range({ after: 8, limit: 2 })).toEqual([
    [9, 10],
    { ...at, low: 9, high: 10, hasOlder: true, hasNewer: true },
  ])
  expect(await range({ after: 0, limit: 2 })).toEqual([
    [4, 5],
    { ...at, low: 0, high: 5, hasOlder: false, hasNewer: true },
  ])
  expect(await range({ around: 8, limit: 4 })).toEqual([
    [7, 8, 9, 10],
    { ...at, low: 7, high: 10, hasOlder: true, hasNewer: true },
  ])
  expect(await range({ around: 5, limit: 6 })).toEqual([
    [4, 5, 6, 7, 8],
    { ...at, low: 0, high: 8, hasOlder: false, hasNewer: true },
  ])
  expect(await range({ around: 13, limit: 1 })).toEqual([
    [13],
    { ...at, low: 13, high: 13, hasOlder: true, hasNewer: false },
  ])
  await charlie.isRefused('message.history', { channelId }, 'channel.not_found')
  await charlie.seesNothingOf('number 5', channelId)
})

bothDoors(
  'a range beyond the head is empty, and promises nothing that is not known yet [RANGE-1]',
  async (cast) => {
    const { alice, bob } = cast
    const channelId = await tenMessages(cast)
    const beyond = await bob.does('message.history', { channelId, after: 500 })
    expect(beyond).toMatchObject({ messages: [], hasNewer: false, through: 13 })
    expect(beyond.high, 'complete up to the head at most').toBeLessThanOrEqual(13)
    const said = await alice.says(channelId, 'number 10')
    const { messages } = await bob.does('message.history', { channelId, after: 13 })
    expect(messages.map(({ id }) => id)).toEqual([said.id])
  },
)

bothDoors('pages walked in both directions hold every message once [REST-9]', async (cast) => {
  const { bob } = cast
  const channelId = await tenMessages(cast)
  const down: number[] = []
  for (let before: number | undefined; ; ) {
    const page = await bob.does('message.history', {
      channelId,
      limit: 4,
      ...(before === undefined ? {} : { before }),
    })
    down.unshift(...page.messages.map(({ seq }) => seq))
    if (!page.hasOlder) break
    before = page.low
  }
  const up: number[] = []
  for (let after = 0; ; ) {
    const page = await bob.does('message.history', { channelId, limit: 4, after })
    up.push(...page.messages.map(({ seq }) => seq))
    if (!page.hasNewer) break
    after = page.high
  }
  expect(down).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
  expect(up).toEqual(down)
})

bothDoors('edits and deletions leave a message at its place [SEQ-4]', async (cast) => {
  const { alice, bob } = cast
  const channelId = await tenMessages(cast)
  const { messages } = await bob.does('message.history', { channelId })
  await alice.does('message.edit', { channelId, messageId: messages[2]?.id ?? '', text: 'edited' })
  await alice.does('message.delete', { channelId, messageId: messages[4]?.id ?? '' })
  const now = await bob.does('message.history', { channelId })
  expect(now.messages.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq))
  expect(now.messages[2]).toMatchObject({ text: 'edited', version: 14 })
  expect(now.messages[4]).toMatchObject({ text: null, version: 15 })
})

bothDoors('a question that means nothing is refused [VAL-5]', async ({ alice, opensGroup }) => {
  const { id: channelId } = await opensGroup([])
  for (const input of [
    { before: 3, after: 1 },
    { around: 1, before: 2 },
    { limit: 0 },
    { limit: 101 },
    { before: -1 },
    { cursor: 'x' },
  ])
    await alice.isRefused('message.history', { channelId, ...input }, 'bad_request')
})
