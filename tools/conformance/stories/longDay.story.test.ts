import type { Message, OperationName } from '@tertulia/protocol'
import { expect } from 'vitest'
import { type Cast, story } from '../src/cast.ts'
import { type Chance, createChance } from '../src/chance.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

/** For a longer look: CONFORMANCE_SEEDS=5,6,7 CONFORMANCE_STEPS=500. */
const seeds = (process.env['CONFORMANCE_SEEDS'] ?? '1,2').split(',').map(Number)
const STEPS = Number(process.env['CONFORMANCE_STEPS'] ?? 90)

interface Day extends Cast {
  readonly chance: Chance
  readonly people: readonly Person[]
  readonly channelIds: string[]
  readonly types: Map<string, string>
  readonly done: Map<string, number>
}

const messagesOf = (person: Person, channelId: string): Message[] =>
  Object.values(person.copies.get(channelId)?.state?.messages ?? {})

/** Everybody reads all of a live channel: with `sinceJoin` its members would see less than strangers do. */
const historyFor = (chance: Chance, type: string | undefined): 'all' | 'sinceJoin' =>
  type === 'live' || chance.below(2) === 0 ? 'all' : 'sinceJoin'

/** What somebody may think of next; half of it is not allowed, and that is part of the day. */
const ideas: readonly ((
  day: Day,
  person: Person,
  channelId: string,
) => readonly [OperationName, object])[] = [
  (_, __, channelId) => ['message.send', { channelId, clientId: clientId(), text: 'hello' }],
  ({ chance }, person, channelId) => [
    'message.send',
    {
      channelId,
      clientId: clientId(),
      text: 'I quote',
      quotedId: chance.oneOf(messagesOf(person, channelId))?.id ?? '1',
    },
  ],
  ({ chance, people }, _, channelId) => [
    'message.send',
    {
      channelId,
      clientId: clientId(),
      text: '@you',
      mentions: [{ kind: 'user', userId: chance.oneOf(people)?.id, start: 0, length: 4 }],
    },
  ],
  ({ chance }, person, channelId) => [
    'message.edit',
    {
      channelId,
      messageId: chance.oneOf(messagesOf(person, channelId))?.id ?? '1',
      text: `edited ${chance.below(1000)}`,
    },
  ],
  ({ chance }, person, channelId) => [
    'message.delete',
    { channelId, messageId: chance.oneOf(messagesOf(person, channelId))?.id ?? '1' },
  ],
  ({ chance, people }, _, channelId) => [
    'member.add',
    { channelId, members: [{ userId: chance.oneOf(people)?.id }] },
  ],
  ({ chance, people }, _, channelId) => [
    'member.remove',
    { channelId, userId: chance.oneOf(people)?.id },
  ],
  ({ chance, people }, _, channelId) => [
    'member.update',
    {
      channelId,
      userId: chance.oneOf(people)?.id,
      role: chance.oneOf(['owner', 'moderator', 'member']),
    },
  ],
  (_, __, channelId) => ['member.leave', { channelId }],
  (_, __, channelId) => ['member.join', { channelId }],
  ({ chance, types }, _, channelId) => [
    'channel.update',
    {
      channelId,
      name: `Name ${chance.below(1000)}`,
      history: historyFor(chance, types.get(channelId)),
    },
  ],
  ({ chance }) => ['user.update', { name: `Name ${chance.below(1000)}` }],
]

/** Somebody does something, or everybody goes on without somebody for a while. */
async function step(day: Day): Promise<void> {
  const { chance, people, channelIds, done } = day
  const person = chance.oneOf(people)
  const channelId = chance.oneOf(channelIds)
  if (!person || !channelId) return
  const kind = chance.below(20)
  if (!person.isFollowing()) return kind < 8 ? person.comesBack() : undefined
  if (kind === 0) return person.goesAway()
  if (kind === 1) return watchAgain(person)
  if (kind === 2 && chance.below(6) === 0) return remake(day, channelId)
  const [name, input] = chance.oneOf(ideas)?.(day, person, channelId) ?? ['channel.list', {}]
  const answer = await person.ask(name, input, chance.below(2) === 0 ? 'rest' : 'socket')
  if (answer.ok) done.set(name, (done.get(name) ?? 0) + 1)
}

async function watchAgain(person: Person): Promise<void> {
  for (const id of Object.keys(person.own?.state.channels ?? {}))
    if (!person.copies.has(id)) await person.watches(id)
}

/** A channel ends, and another one begins. */
async function remake(day: Day, channelId: string): Promise<void> {
  await day.server.does('channel.delete', { channelId })
  day.channelIds.splice(day.channelIds.indexOf(channelId), 1)
  await make(day)
}

async function make({ server, people, chance, letters, channelIds, types }: Day): Promise<void> {
  const type = chance.oneOf(['group', 'group', 'public', 'live']) ?? 'group'
  const members = people.map(({ id }, index) => ({
    userId: id,
    role: index === 0 ? ('owner' as const) : ('member' as const),
  }))
  const { channel } = await server.does('channel.create', {
    clientId: clientId(),
    type,
    name: `Day ${letters}`,
    history: historyFor(chance, type),
    members,
  })
  channelIds.push(channel.id)
  types.set(channel.id, type)
}

for (const seed of seeds)
  story(
    `a long day of seed ${seed}: whatever anybody does, all copies stay true [SEQ-2, SYNC-2, SYNC-5, HELLO-6]`,
    async (cast) => {
      const { alice, bob, charlie, holds, meets } = cast
      const stranger = await meets('dana')
      const day: Day = {
        ...cast,
        chance: createChance(seed),
        people: [alice, bob, charlie],
        channelIds: [],
        types: new Map(),
        done: new Map(),
      }
      for (let index = 0; index < 2; index++) await make(day)
      for (const person of day.people) await watchAgain(person)
      for (let index = 0; index < STEPS; index++) {
        await step(day)
        await holds()
      }
      for (const person of day.people) if (!person.isFollowing()) await person.comesBack()
      await holds()
      expect(day.done.size, 'the day was full').toBeGreaterThan(6)
      await stranger.seesNothingOf('I quote', 'hello', alice.id)
    },
  )
