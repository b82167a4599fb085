import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { reactionCheck } from './reactions.check.ts'

type Core = Awaited<ReturnType<typeof openCore>>
type Mode = 'none' | 'one' | 'oneOfEach' | 'many'

async function talk(core: Core) {
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const members = [{ userId: 'bob' }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const wish = { channelId: channel.id, clientId: clientId(), text: 'hi' }
  const { message } = await alice.call('message.send', wish)
  const at = { channelId: channel.id, messageId: message.id }
  const react = (emoji: string, more: object = {}) =>
    bob.call('reaction.add', { ...at, emoji, ...more })
  return { alice, bob, at, react }
}

const rowsOf = async (core: Core, table: 'reactions' | 'reaction_counts') =>
  core.engine.read((db) => db.all<object>({ sql: `SELECT * FROM ${table}`, slots: [] }, []))

async function check(core: Core, repair: boolean): Promise<string[]> {
  const found: string[] = []
  await checkStore({
    engine: core.engine,
    checks: [reactionCheck],
    repair,
    found: ({ what }) => void found.push(what),
    progress() {},
  })
  return found
}

describe('the channel type says how people react', () => {
  const reactIn = async (reactions: Mode, ...wishes: [string, number][]) => {
    await using core = await openCore({ channelTypes: { group: { reactions } } })
    const { react } = await talk(core)
    const answers = []
    for (const [emoji, score] of wishes)
      answers.push(await react(emoji, { score }).catch((error: { code: string }) => error.code))
    return answers
  }

  test('with nothing', async () => {
    expect(await reactIn('none', ['👍', 1])).toEqual(['forbidden'])
  })

  test('with one thing, whose place the next one takes', async () => {
    const answers = await reactIn('one', ['👍', 1], ['👎', 1], ['👎', 9])
    expect(answers).toMatchObject([
      { reactions: { '👍': 1 }, own: { '👍': 1 } },
      { reactions: { '👎': 1 }, own: { '👎': 1 } },
      { reactions: { '👎': 1 }, own: { '👎': 1 } },
    ])
  })

  test('once with each of several', async () => {
    const answers = await reactIn('oneOfEach', ['👍', 3], ['👎', 1])
    expect(answers.at(-1)).toMatchObject({ reactions: { '👍': 1, '👎': 1 } })
  })

  test('as often as they like with each', async () => {
    const answers = await reactIn('many', ['👏', 3], ['👏', 20], ['👎', 1], ['👏', 2])
    expect(answers.at(-1)).toMatchObject({
      reactions: { '👏': 2, '👎': 1 },
      own: { '👏': 2, '👎': 1 },
    })
  })
})

describe('what is deleted', () => {
  test('takes its reactions with it, by and by', async () => {
    await using core = await openCore({ limits: { sweepRows: 2 } })
    const { alice, at, react } = await talk(core)
    for (const emoji of ['1', '2', '3', '4', '5']) await react(emoji)
    await alice.call('message.delete', at)
    const { ownReactions } = await alice.call('message.get', at)
    expect(ownReactions).toEqual({})
    for (let round = 0; round < 5; round++) await core.sweeper.sweep()
    expect(await rowsOf(core, 'reactions')).toEqual([])
    expect(await rowsOf(core, 'reaction_counts')).toEqual([])
  })

  test('as a channel leaves none behind', async () => {
    await using core = await openCore({ limits: { sweepRows: 2 } })
    const { alice, at, react } = await talk(core)
    for (const emoji of ['1', '2', '3']) await react(emoji)
    await alice.call('channel.delete', { channelId: at.channelId })
    for (let round = 0; round < 10; round++) await core.sweeper.sweep()
    expect(await rowsOf(core, 'reactions')).toEqual([])
    expect(await rowsOf(core, 'reaction_counts')).toEqual([])
  })
})

test('a wrong count is found and set right', async () => {
  await using core = await openCore()
  const { bob, at, react } = await talk(core)
  await react('👍')
  await react('👎')
  expect(await check(core, false)).toEqual([])
  await core.spoil(`UPDATE reaction_counts SET counts = '{"👍":7}'`)
  expect(await check(core, true)).toEqual(['are counted wrongly'])
  expect(await check(core, false)).toEqual([])
  const { message } = await bob.call('message.get', at)
  expect(message.reactions).toEqual({ '👍': 1, '👎': 1 })
})

test('a batch of reactions to one message counts every one of them', async () => {
  await using core = await openCore()
  const { bob, at } = await talk(core)
  const users = Array.from({ length: 50 }, (_, index) => ({ id: `fan-${index}` }))
  await core.server('user.upsert', { users })
  await Promise.all(
    users.map(({ id: userId }) => core.server('reaction.add', { ...at, emoji: '⚽', userId })),
  )
  const { message } = await bob.call('message.get', at)
  expect(message.reactions).toEqual({ '⚽': 50 })
  expect(await check(core, false)).toEqual([])
})

test('more changed reactions than a delta may hold are named stale, and are no reset', async () => {
  await using core = await openCore()
  const { alice, bob, at } = await talk(core)
  const ids = []
  for (let n = 0; n < 510; n++) {
    const wish = { channelId: at.channelId, clientId: clientId(), text: `${n}` }
    ids.push((await alice.call('message.send', wish)).message.id)
  }
  const { seq, epoch } = await bob.call('channel.get', { channelId: at.channelId })
  for (const messageId of ids)
    await bob.call('reaction.add', { channelId: at.channelId, messageId, emoji: '👍' })
  const { channels } = await bob.call('sync.pull', {
    channels: [{ id: at.channelId, epoch, seq }],
  })
  expect(channels).toMatchObject([{ status: 'delta', messages: [], staleReactions: true }])
  expect(channels[0].reactions).toHaveLength(500)
  expect(channels[0].reactions[0]).toMatchObject({ messageId: ids.at(-1) })
  expect(Object.keys(channels[0].ownReactions)).toHaveLength(500)
})
