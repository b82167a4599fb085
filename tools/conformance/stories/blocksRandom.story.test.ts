import type { Presence } from '@tertulia/protocol'
import { expect } from 'vitest'
import { BlockFilter } from '../src/blockFilter.ts'
import { type Cast, story } from '../src/cast.ts'
import { type Chance, createChance } from '../src/chance.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

/** For a longer look: CONFORMANCE_SEEDS=5,6,7 CONFORMANCE_STEPS=500. */
const seeds = (process.env['CONFORMANCE_SEEDS'] ?? '1,2').split(',').map(Number)
const STEPS = Number(process.env['CONFORMANCE_STEPS'] ?? 50)
/** More of one user at once are left out [TYPE-2]. */
const TYPINGS = 5

interface Crowd {
  readonly chance: Chance
  readonly filter: BlockFilter
  readonly people: readonly Person[]
  /** Whom nobody blocks: what reaches this one was told. */
  readonly witness: Person
  readonly group: string
  readonly directs: ReadonlyMap<string, string>
  readonly typings: Map<string, number>
  /** What must never have been told: viewer, reader and seq. */
  readonly forbidden: string[]
}

const pairKey = (one: Person, other: Person) => [one.id, other.id].sort().join(' ')

/** A direct channel for each two of four people, and a group of all with a witness. */
async function gather(cast: Cast, seed: number): Promise<Crowd> {
  const { alice, bob, charlie, meets, opensGroup, server } = cast
  const people = [alice, bob, charlie, await meets('dave')]
  const witness = await meets('witness')
  const { id: group } = await opensGroup([...people.slice(1), witness])
  for (const { id } of people.slice(1))
    await server.does('member.update', { channelId: group, userId: id, role: 'moderator' })
  const directs = new Map<string, string>()
  for (const [at, one] of people.entries())
    for (const other of people.slice(at + 1)) {
      const members = [{ userId: other.id }]
      const wish = { clientId: clientId(), type: 'direct', members }
      directs.set(pairKey(one, other), (await one.does('channel.create', wish)).channel.id)
    }
  for (const { line } of [...people, witness]) line.say({ type: 'active' })
  const [chance, filter] = [createChance(seed), new BlockFilter()]
  return { chance, filter, people, witness, group, directs, typings: new Map(), forbidden: [] }
}

type Act = (crowd: Crowd, one: Person, other: Person) => Promise<unknown>

const blocks: Act = async ({ chance, filter }, one, other) => {
  const mode = chance.oneOf(['oneWay', 'twoWay', null] as const) ?? null
  if (mode) {
    const { block } = await one.does('user.block', { userId: other.id, mode })
    filter.block(one.id, block)
  } else {
    await one.does('user.unblock', { userId: other.id })
    filter.unblock(one.id, other.id)
  }
}

const mentions: Act = async ({ chance, filter, group }, one, other) => {
  const to = chance.below(3) === 0 ? null : other.id
  const span = { start: 0, length: 1 }
  const mention = to ? { kind: 'user' as const, userId: to } : { kind: 'channel' as const }
  const { seq } = await one.says(group, '@', { mentions: [{ ...mention, ...span }] })
  filter.mentions(one.id, to, seq)
}

const reaches: Act = async ({ filter, directs }, one, other) => {
  const channelId = directs.get(pairKey(one, other)) ?? ''
  const wish = { channelId, clientId: clientId(), text: 'hi' }
  if (!filter.isSilent(one.id, other.id)) await one.does('message.send', wish)
  else await one.isRefused('message.send', wish, 'user.unreachable')
}

const reads: Act = async ({ filter, group, people, witness, forbidden }, one) => {
  const { seq } = await witness.says(group, 'something to read')
  const { read } = await one.does('receipt.read', { channelId: group })
  filter.reads(one.id, read.seq)
  expect(read.seq).toBe(seq)
  for (const { id } of people) if (filter.mode(one.id, id)) forbidden.push(`${id} ${one.id} ${seq}`)
}

const toldTyping = ({ line }: Person, from: number) =>
  line.frames.slice(from).flatMap((frame) => (frame.type === 'typing' ? frame.users : []))

const types: Act = async ({ filter, group: channel, people, witness, typings }, one) => {
  const times = (typings.get(one.id) ?? 0) + 1
  typings.set(one.id, times)
  if (times > TYPINGS) return
  const before = new Map([...people, witness].map((person) => [person, person.line.frames.length]))
  const toldTo = (person: Person) => toldTyping(person, before.get(person) ?? 0)
  one.line.say({ type: 'typing', channel, active: true })
  await until('the witness hears it', () => toldTo(witness).includes(one.id))
  one.line.say({ type: 'typing', channel, active: false })
  for (const person of people) {
    await person.line.asks('channel.list', {})
    const wanted = person === one || filter.isSilent(person.id, one.id) ? [] : [one.id]
    expect(toldTo(person), `who types, for ${person.id}`).toEqual(wanted)
  }
}

const acts: readonly Act[] = [blocks, blocks, mentions, mentions, reaches, reads, types]

/** All that a viewer may ask about. */
async function compare({ filter, group: channelId, people }: Crowd, viewer: Person): Promise<void> {
  const { receipts } = await viewer.reads('receipt.list', { channelId })
  expect(
    new Map(receipts.map(({ userId, read }) => [userId, read])),
    `the receipts for ${viewer.id}`,
  ).toEqual(filter.readersFor(viewer.id))
  const { read } = await viewer.reads('channel.get', { channelId })
  expect(read?.mentions, `the mentions of ${viewer.id}`).toBe(filter.mentionsOf(viewer.id))
  const userIds = people.map(({ id }) => id)
  const answer = await viewer.line.asks('presence.watch', { userIds })
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  const { presences } = answer.data as { presences: Presence[] }
  for (const { userId, state, lastActiveAt, status } of presences) {
    const what = `${userId} for ${viewer.id}`
    const since = filter.goneSince(viewer.id, userId)
    expect({ state, status }, what).toEqual({ state: since ? 'offline' : 'online', status: null })
    if (since === null) expect(lastActiveAt, what).toBeNull()
    else expect(lastActiveAt ?? Number.POSITIVE_INFINITY, what).toBeLessThanOrEqual(since)
  }
}

for (const seed of seeds)
  story(
    `whatever is blocked, all see what a simple filter says (seed ${seed}) [BLOCK-3, BLOCK-4, BLOCK-6, BLOCK-7, BLOCK-8]`,
    async (cast) => {
      const crowd = await gather(cast, seed)
      const { chance, people, forbidden } = crowd
      for (let step = 0; step < STEPS; step++) {
        const one = chance.oneOf(people) ?? cast.alice
        const other = chance.oneOf(people.filter((person) => person !== one)) ?? cast.bob
        await chance.oneOf(acts)?.(crowd, one, other)
        await compare(crowd, chance.oneOf(people) ?? cast.alice)
      }
      const told = people.flatMap((viewer) =>
        viewer.line.frames
          .flatMap((frame) => (frame.type === 'receipts' ? frame.receipts : []))
          .map(({ userId, read }) => `${viewer.id} ${userId} ${read}`),
      )
      expect(told.length).toBeGreaterThan(0)
      expect(told.filter((one) => forbidden.includes(one))).toEqual([])
    },
  )
