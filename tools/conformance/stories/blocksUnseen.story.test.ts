import type { Presence } from '@tertulia/protocol'
import { expect } from 'vitest'
import { type Cast, story } from '../src/cast.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

/** Gone since the last activity that is known, or the block. */
const GONE = { state: 'offline', lastActiveAt: expect.any(Number), status: null }

const toldOf = (person: Person, { id }: Person): Presence[] =>
  person.line.frames
    .flatMap((frame) => (frame.type === 'presence' ? frame.presences : []))
    .filter(({ userId }) => userId === id)

const isTold = (person: Person, other: Person, wanted: Partial<Presence>) =>
  until(`${person.id} sees ${other.id} as ${JSON.stringify(wanted)}`, () => {
    const last = toldOf(person, other).at(-1)
    return last && Object.entries(wanted).every(([field, value]) => last[field as never] === value)
  })

const watches = async (person: Person, other: Person) =>
  (await person.does('presence.watch', { userIds: [other.id] })).presences[0]

const types = (person: Person, channel: string) =>
  person.line.say({ type: 'typing', channel, active: true })

const typersFor = (person: Person) =>
  person.line.frames.flatMap((frame) => (frame.type === 'typing' ? frame.users : []))

const readersFor = (person: Person) =>
  person.line.frames.flatMap((frame) =>
    frame.type === 'receipts' ? frame.receipts.map(({ userId }) => userId) : [],
  )

const readersIn = async (person: Person, channelId: string) =>
  (await person.does('receipt.list', { channelId })).receipts.map(({ userId }) => userId)

/** All three are there and see each other, and bob has read. */
async function gather({ alice, bob, charlie, opensGroup }: Cast) {
  const { id: channelId } = await opensGroup([bob, charlie])
  const people = [alice, bob, charlie]
  for (const { line } of people) line.say({ type: 'active' })
  for (const person of people)
    for (const other of people)
      await until(`${person.id} sees ${other.id}`, async () => {
        return (await watches(person, other))?.state === 'online'
      })
  await watches(alice, bob)
  await watches(bob, alice)
  await watches(charlie, alice)
  return { channelId, people }
}

story(
  'whoever is blocked learns nothing of the user, and the user goes on seeing them [BLOCK-3, BLOCK-7, BLOCK-8]',
  async (cast) => {
    const { alice, bob, charlie, letters } = cast
    const { channelId } = await gather(cast)
    await alice.does('user.block', { userId: bob.id })
    await isTold(bob, alice, { state: 'offline' })
    expect(toldOf(bob, alice).at(-1)).toEqual({ userId: alice.id, ...GONE })
    bob.ears.forget()

    await alice.does('presence.set', { status: { text: `busy ${letters}` } })
    await until('charlie hears of it', () => toldOf(charlie, alice).at(-1)?.status)
    expect(await watches(bob, alice)).toEqual({ userId: alice.id, ...GONE })
    expect((await watches(alice, bob))?.state).toBe('online')

    const { seq } = await charlie.says(channelId, 'hi')
    await alice.does('receipt.read', { channelId })
    await charlie.line.sees('receipts', ({ receipts }) =>
      receipts.some(({ userId }) => userId === alice.id),
    )
    await bob.does('receipt.read', { channelId, seq })
    await alice.line.sees('receipts', ({ receipts }) =>
      receipts.some(({ userId }) => userId === bob.id),
    )
    expect(await readersIn(bob, channelId)).toEqual([bob.id])
    expect(await readersIn(alice, channelId)).toEqual([alice.id, bob.id])
    expect(readersFor(bob)).not.toContain(alice.id)

    types(alice, channelId)
    types(bob, channelId)
    await until('charlie hears both', () =>
      [alice, bob].every(({ id }) => typersFor(charlie).includes(id)),
    )
    types(charlie, channelId)
    await until('both hear charlie', () =>
      [alice, bob].every((person) => typersFor(person).includes(charlie.id)),
    )
    expect(typersFor(alice)).toEqual([charlie.id])
    expect(typersFor(bob)).toEqual([charlie.id])
    expect(bob.ears.find([letters])).toEqual([])

    await alice.does('user.unblock', { userId: bob.id })
    await isTold(bob, alice, { state: 'online' })
    expect(await readersIn(bob, channelId)).toEqual([alice.id, bob.id])
  },
)

story(
  'with a block both ways the user learns nothing of the blocked one either [BLOCK-3, BLOCK-7, BLOCK-8]',
  async (cast) => {
    const { alice, bob, charlie } = cast
    const { channelId } = await gather(cast)
    await alice.does('user.block', { userId: bob.id, mode: 'twoWay' })
    await isTold(alice, bob, { state: 'offline' })
    await isTold(bob, alice, { state: 'offline' })
    expect(await watches(alice, bob)).toEqual({ userId: bob.id, ...GONE })
    const { seq } = await charlie.says(channelId, 'hi')
    await bob.does('receipt.read', { channelId, seq })
    await charlie.does('receipt.read', { channelId, seq })
    await alice.line.sees('receipts', ({ receipts }) =>
      receipts.some(({ userId }) => userId === charlie.id),
    )
    await charlie.line.sees('receipts', ({ receipts }) =>
      receipts.some(({ userId }) => userId === bob.id),
    )
    expect(await readersIn(alice, channelId)).toEqual([charlie.id])
    expect(await readersIn(charlie, channelId)).toEqual([bob.id, charlie.id])
    expect(readersFor(alice)).not.toContain(bob.id)

    await alice.does('user.block', { userId: bob.id, mode: 'oneWay' })
    await isTold(alice, bob, { state: 'online' })
    expect(await readersIn(alice, channelId)).toEqual([bob.id, charlie.id])
    expect(await watches(bob, alice)).toEqual({ userId: alice.id, ...GONE })
  },
)

story(
  'a block of somebody who looks offline is told by no frame, nor is its end [BLOCK-2, BLOCK-7, PRES-6]',
  async (cast) => {
    const { alice, bob, charlie } = cast
    await gather(cast)
    const userIds = [alice.id, charlie.id]
    const seenByBob = async () => (await bob.does('presence.watch', { userIds })).presences[0]
    /** In a round that comes after all that was done before, bob hears of charlie. */
    const passesRound = async (text: string) => {
      await charlie.does('presence.set', { status: { text } })
      await until(`bob hears ${text}`, () => toldOf(bob, charlie).at(-1)?.status?.text === text)
    }
    await alice.does('presence.set', { choice: 'invisible' })
    await alice.does('presence.set', { choice: 'online', status: { text: 'bye' } })
    await alice.does('presence.set', { choice: 'invisible' })
    const before = await seenByBob()
    expect(before).toEqual({ userId: alice.id, ...GONE, status: { text: 'bye', until: null } })
    await passesRound('one')
    const frames = toldOf(bob, alice).length

    const { block } = await alice.does('user.block', { userId: bob.id })
    await passesRound('two')
    const hidden = await seenByBob()
    expect(hidden).toEqual({ ...before, status: null })
    expect(hidden?.lastActiveAt).toBeLessThanOrEqual(block.blockedAt)
    await alice.does('user.block', { userId: bob.id, mode: 'twoWay' })
    await passesRound('three')
    await alice.does('user.unblock', { userId: bob.id })
    await passesRound('four')
    expect(toldOf(bob, alice)).toHaveLength(frames)
    expect(await seenByBob()).toEqual(before)
    await alice.does('presence.set', { choice: 'online' })
    await isTold(bob, alice, { state: 'online' })
  },
)

story(
  'who is blocked hears not one byte of what the user does [BLOCK-2, BLOCK-7, BLOCK-8]',
  async (cast) => {
    const { alice, bob, charlie, meets, letters } = cast
    const dana = await meets('dana')
    const { channelId } = await gather(cast)
    await alice.does('user.block', { userId: bob.id, mode: 'twoWay' })
    await isTold(bob, alice, { state: 'offline', status: null })
    const second = await bob.connects({ channels: [{ id: channelId, interest: 'full' }] })
    await bob.catchesUp()
    bob.ears.forget()
    await alice.does('presence.set', { choice: 'away', status: { text: `status ${letters}` } })
    await until('charlie hears of it', () => toldOf(charlie, alice).at(-1)?.status)
    const { seq } = await charlie.says(channelId, 'for all')
    bob.ears.forget()
    await alice.does('receipt.deliver', { channels: [{ id: channelId, seq }] })
    await alice.does('receipt.read', { channelId })
    types(alice, channelId)
    await until('charlie hears all', () =>
      [typersFor(charlie), readersFor(charlie)].every((ids) => ids.includes(alice.id)),
    )
    await second.line.asks('channel.list', {})
    await bob.reads('receipt.list', { channelId })
    await bob.reads('block.list', {})
    await bob.reads('thread.list', {})
    await bob.reads('unread.total', {})
    await watches(bob, charlie)
    const heard = bob.ears.without(/"createdBy":"[^"]*"/g)
    expect(heard.find([alice.id, letters, 'blockedAt', 'user.blocked'])).toEqual([])
    expect(bob.ears.count).toBeGreaterThan(5)
    await dana.seesNothingOf(channelId, alice.id, letters)
  },
)
