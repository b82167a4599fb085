import type { Stage } from './acting.ts'
import { PEOPLE } from './template.ts'

/** Who wants what; the app's own server for null. */
type Wish = readonly [userId: string | null, op: string, input: object]

/** ms between two crowds. */
const EVERY_MS = 1000

/** Again and again several wish at one moment for what meets in the store, until the faults end. */
export function crowdTogether(stage: Stage): void {
  const { world } = stage
  if (world.healing) return
  const wishes = world.chance.pick(crowds)(stage)
  for (const [userId, op, input] of wishes) world.rest(userId, op, { input, done: () => {} })
  world.schedule.after(world.chance.pause(EVERY_MS), () => crowdTogether(stage))
}

const crowds: readonly ((stage: Stage) => readonly Wish[])[] = [
  bothSides,
  inAllChannels,
  outOfAllChannels,
  strangersOfManyChannels,
  oneProfile,
]

/** The same direct channel from both sides. */
function bothSides({ world }: Stage): Wish[] {
  const [one, other] = twoOf(world.chance.whole(0, 2))
  const wish = (userId: string, to: string): Wish => [
    userId,
    'channel.create',
    { type: 'direct', clientId: world.newClientId(), members: [{ userId: to }] },
  ]
  return [wish(one, other), wish(other, one), wish(one, other)]
}

/** The same people into several channels, once in this order and once in that. */
function inAllChannels({ world, template }: Stage): Wish[] {
  const [one, other] = twoOf(world.chance.whole(0, 2))
  const add = (channelId: string, ...people: string[]): Wish => [
    null,
    'member.add',
    { channelId, members: people.map((userId) => ({ userId })) },
  ]
  const { square, den, market } = template
  return [add(square, one, other), add(den, other, one), add(market, one, other)]
}

function outOfAllChannels({ world, template }: Stage): Wish[] {
  const userId = world.chance.pick(PEOPLE)
  const { square, den, market } = template
  return [square, den, market].map((channelId) => [null, 'member.remove', { channelId, userId }])
}

/** Somebody new, whom several channels name before anybody knows of them. */
function strangersOfManyChannels({ world }: Stage): Wish[] {
  const number = world.chance.whole(1, 20)
  const id = `stranger-${number}`
  const [one, other] = twoOf(number % 3)
  const channel = (key: string, ...people: string[]): Wish => [
    null,
    'channel.getOrCreate',
    { key, name: 'cellar', members: people.map((userId) => ({ userId })) },
  ]
  return [
    [null, 'user.upsert', { users: [{ id }] }],
    channel(`${number}a`, id, one, other),
    channel(`${number}b`, other, one, id),
    [id, 'user.update', { name: `the ${number}th` }],
  ]
}

/** By the user, and by the app. */
function oneProfile({ world }: Stage): Wish[] {
  const userId = world.chance.pick(PEOPLE)
  const round = Math.floor(world.schedule.now)
  return [
    [userId, 'user.update', { name: `${userId} in ${round}` }],
    [null, 'user.upsert', { users: [{ id: userId, custom: { round } }] }],
  ]
}

const twoOf = (first: number): readonly [string, string] => [
  PEOPLE[first % 3] ?? 'alice',
  PEOPLE[(first + 1) % 3] ?? 'bob',
]
