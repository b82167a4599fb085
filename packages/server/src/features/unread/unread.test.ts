import type { OperationName } from '@tertulia/protocol'
import { expect, test } from 'vitest'
import { chanceFrom } from '../../fixtures/chance.ts'
import { type Answer, clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { unreadCheck } from './unread.check.ts'

/** How many random days of a group are held against the model; more on demand. */
const DAYS = Number(process.env['UNREAD_DAYS'] ?? 25)
const STEPS = 60
const PEOPLE = ['alice', 'bob', 'charlie'] as const
type Person = (typeof PEOPLE)[number]

interface Said {
  readonly id: string
  readonly seq: number
  readonly by: Person
  mentioned: readonly Person[]
  isDeleted: boolean
}

interface Reading {
  seq: number
  from: number | null
}

/** What a person has to read, in as few words as possible. */
function leftOf(person: Person, { seq, from }: Reading, said: readonly Said[]) {
  const left = said.filter(
    (one) => !one.isDeleted && one.by !== person && one.seq > (from === null ? seq : from - 1),
  )
  return {
    unread: left.length,
    firstUnread: left[0]?.seq ?? null,
    mentions: left.filter(({ mentioned }) => mentioned.includes(person)).length,
  }
}

function dice(seed: number) {
  const chance = chanceFrom(seed)
  const whole = (below: number) => Math.floor(chance(below))
  return { whole, pick: <T>(items: readonly T[]): T => items[whole(items.length)] as T }
}

const mentionsOf = (people: readonly Person[]) =>
  people.map((userId, index) => ({ kind: 'user', userId, start: index, length: 1 }))

test(`unread is what a recount says, on ${DAYS} random days`, { timeout: 120_000 }, async () => {
  await using core = await openCore()
  const users = new Map<Person, Awaited<ReturnType<typeof core.user>>>()
  for (const id of PEOPLE) users.set(id, await core.user(id))
  const as = (person: Person, op: OperationName, input: object): Promise<Answer> => {
    const user = users.get(person)
    if (!user) throw new Error(`There is no ${person}.`)
    return user.call(op, input)
  }

  for (let day = 1; day <= DAYS; day++) {
    const { whole, pick } = dice(day)
    const members = [{ userId: 'bob' }, { userId: 'charlie' }]
    const { channel } = await as('alice', 'channel.create', { clientId: clientId(), members })
    const channelId = channel.id
    const head = (await as('alice', 'channel.get', { channelId })).seq
    const said: Said[] = []
    // Whoever joined last has read a little more; nothing to read came in between.
    const readings = new Map(PEOPLE.map((person) => [person, { seq: head, from: null } as Reading]))
    const readingOf = (person: Person) => readings.get(person) as Reading
    const acts: readonly (() => Promise<unknown>)[] = [
      async () => {
        const by = pick(PEOPLE)
        const mentioned = PEOPLE.filter(() => whole(4) === 0)
        const { message } = await as(by, 'message.send', {
          channelId,
          clientId: clientId(),
          text: 'abc',
          mentions: mentionsOf(mentioned),
        })
        said.push({ id: message.id, seq: message.seq, by, mentioned, isDeleted: false })
      },
      async () => {
        const one = said.length > 0 ? pick(said) : null
        if (!one || one.isDeleted) return
        one.mentioned = PEOPLE.filter(() => whole(3) === 0)
        await as(one.by, 'message.edit', {
          channelId,
          messageId: one.id,
          text: 'abc',
          mentions: mentionsOf(one.mentioned),
        })
      },
      async () => {
        const one = said.length > 0 ? pick(said) : null
        if (!one || one.isDeleted) return
        one.isDeleted = true
        await as(one.by, 'message.delete', { channelId, messageId: one.id })
      },
      async () => {
        const person = pick(PEOPLE)
        const { seq } = await as(person, 'channel.get', { channelId })
        const upTo = 1 + whole(seq + 2)
        await as(person, 'receipt.read', { channelId, seq: upTo })
        const reading = readingOf(person)
        readings.set(person, { seq: Math.max(reading.seq, Math.min(upTo, seq)), from: null })
      },
      async () => {
        const person = pick(PEOPLE)
        const one = said.length > 0 ? pick(said) : null
        if (!one) return
        await as(person, 'unread.mark', { channelId, messageId: one.id })
        readings.set(person, { ...readingOf(person), from: one.seq })
      },
    ]
    for (let step = 0; step < STEPS; step++) {
      await pick([...acts, acts[0] as (typeof acts)[number]])()
      const person = pick(PEOPLE)
      const { read, ordinal } = await as(person, 'channel.get', { channelId })
      expect(read, `day ${day}, step ${step}, ${person}`).toMatchObject(
        leftOf(person, readingOf(person), said),
      )
      expect(ordinal).toBe(said.length)
    }
    for (const person of PEOPLE) await as(person, 'receipt.read', { channelId })
    expect(await as('alice', 'unread.total', {})).toMatchObject({ unread: 0, mentions: 0 })
  }
})

test('a wrong number of messages to read is found and set right', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  const at = { channelId: channel.id }
  await alice.call('message.send', { ...at, clientId: clientId(), text: 'hi' })
  const found: string[] = []
  const check = (repair: boolean) =>
    checkStore({
      engine: core.engine,
      checks: [unreadCheck],
      repair,
      found: ({ what }) => void found.push(what),
      progress() {},
    })
  await check(false)
  expect(found).toEqual([])
  await core.spoil('UPDATE channels SET ordinal = 7')
  await check(true)
  expect(found).toEqual(['says that there were 7 messages to read, and there were 1'])
  expect((await alice.call('channel.get', at)).ordinal).toBe(1)
})

test('the total stops counting at a thousand', async () => {
  await using core = await openCore()
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  for (let n = 0; n < 12; n++) {
    const members = [{ userId: 'bob' }]
    const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
    const say = () =>
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    await Promise.all(Array.from({ length: 120 }, say))
  }
  expect(await bob.call('unread.total')).toEqual({
    unread: 1000,
    mentions: 0,
    channels: 10,
    more: true,
  })
  const { channels } = await bob.call('channel.list')
  expect(channels[0].read).toMatchObject({ unread: 100 })
})
