import type { Message } from '@tertulia/protocol'
import { type Act, call, messageOf, type Stage, textOf } from './acting.ts'
import { moreActs } from './moreActs.ts'
import { OUTSIDER, PEOPLE } from './template.ts'
import type { SimDevice } from './world/simDevice.ts'

/** Somebody does something. */
export function act(stage: Stage): void {
  const { chance } = stage.world
  const device = chance.pick(stage.devices)
  chance.weighted(acts)(stage, device)
}

const send: Act = ({ world }, { client, name }) => {
  const channelId = world.chance.pickOrNone([...client.channels.keys()])
  if (!channelId) return
  const entry = client.queue.add(channelId, textOf(world))
  world.checker.sends.wished(name, entry)
  world.tell(() => `${name} writes ${entry.clientId} into ${channelId}`)
}

/** Once, or again and again while others are reading. */
const edit: Act = (stage, device) => {
  const { chance, schedule } = stage.world
  const message = messageOf(stage, device, true)
  if (!message) return
  const times = chance.pick([1, 1, 4])
  for (let time = 0; time < times; time++)
    schedule.after(time * chance.between(50, 400), () => write(stage, device, message))
}

function write(stage: Stage, device: SimDevice, message: Message): void {
  const { id, channelId } = message
  call(stage, device, 'message.edit', { channelId, messageId: id, text: textOf(stage.world) })
}

const erase: Act = (stage, device) => {
  const message = messageOf(stage, device, stage.world.chance.happens(0.7))
  if (message)
    call(stage, device, 'message.delete', { channelId: message.channelId, messageId: message.id })
}

const otherThan = ({ world }: Stage, userId: string) =>
  world.chance.pick(PEOPLE.filter((person) => person !== userId))

const closed = ({ world, template }: Pick<Stage, 'world' | 'template'>) =>
  world.chance.pick([template.square, template.den])

const addMember: Act = (stage, device) =>
  call(stage, device, 'member.add', {
    channelId: closed(stage),
    members: [{ userId: otherThan(stage, device.userId) }],
  })

const removeMember: Act = (stage, device) =>
  call(stage, device, 'member.remove', {
    channelId: anyOf(stage),
    userId: otherThan(stage, device.userId),
  })

const anyOf = ({ world, template }: Stage) =>
  world.chance.pick([template.square, template.den, template.market])

const join: Act = (stage, device) =>
  call(stage, device, 'member.join', { channelId: stage.template.market })

const leave: Act = (stage, device) =>
  call(stage, device, 'member.leave', { channelId: anyOf(stage) })

const changeRole: Act = (stage, device) =>
  call(stage, device, 'member.update', {
    channelId: anyOf(stage),
    userId: otherThan(stage, device.userId),
    role: stage.world.chance.pick(['moderator', 'member', 'owner']),
  })

const updateChannel: Act = (stage, device) => {
  const { chance } = stage.world
  const history = chance.happens(0.3) ? { history: chance.pick(['all', 'sinceJoin']) } : {}
  call(stage, device, 'channel.update', {
    channelId: anyOf(stage),
    name: textOf(stage.world).slice(0, 40).trim(),
    ...history,
  })
}

/** Keyed by a client id, so that a try whose answer was lost makes no second channel. */
const create: Act = (stage, device) => {
  const { world } = stage
  const members = [{ userId: otherThan(stage, device.userId) }]
  call(stage, device, 'channel.create', { clientId: world.newClientId(), name: 'cellar', members })
}

const deleteChannel: Act = (stage, device) => {
  const made = [...device.client.own.list.values()].filter(
    ({ channel }) => channel.name === 'cellar',
  )
  const listed = stage.world.chance.pickOrNone(made)
  if (listed) call(stage, device, 'channel.delete', { channelId: listed.channel.id })
}

/** Owners may: of what the device has heard of a channel, some or all goes. */
const truncate: Act = (stage, device) => {
  const channelId = anyOf(stage)
  const { seq } = device.client.channels.get(channelId)?.follower.cursor ?? { seq: 0 }
  const upTo = stage.world.chance.whole(0, seq)
  if (upTo > 0) call(stage, device, 'channel.truncate', { channelId, upTo })
}

const rename: Act = (stage, device) =>
  call(stage, device, 'user.update', { name: textOf(stage.world).slice(0, 40).trim() })

const changeInterest: Act = ({ world }, { client, name }) => {
  const channelId = world.chance.pickOrNone([...client.channels.keys()])
  if (!channelId) return
  const interest = world.chance.pick(['full', 'full', 'list', 'none'] as const)
  world.tell(() => `${name} wants interest ${interest} of ${channelId}`)
  client.setInterest(channelId, interest)
}

/** Further back, or what is on the screen once more. */
const readHistory: Act = ({ world }, { client }) => {
  const { chance } = world
  const channel = chance.pickOrNone([...client.channels.values()])
  const { low, high } = channel?.copy.ranges.newest ?? { low: 0, high: 0 }
  const before = chance.pick([low, chance.whole(1, low), high + 1])
  if (channel && before > 0) client.readHistory(channel.copy.id, before, chance.pick([1, 3, 30]))
}

/** The app was woken up and asks, though nothing says that it should. */
const pull: Act = ({ world }, { client }) => {
  const channels = [...client.channels.values()].map(({ follower }) => follower)
  world.chance.pick([client.ownFollower, ...channels]).sync()
}

export const readAgain: Act = (stage, device) =>
  stage.world.chance.pick([pull, readHistory])(stage, device)

const hideAway: Act = ({ world }, device) => {
  if (device.offline) return
  world.tell(() => `${device.name} goes offline`)
  device.goOffline()
  world.schedule.after(world.chance.between(500, 12_000), () => {
    world.tell(() => `${device.name} is online again`)
    device.goOnline()
  })
}

const restart: Act = ({ world }, { client, name }) => {
  world.tell(() => `${name} restarts`)
  client.restart()
}

/** Never stored, and for those who look at the channel now. */
const shout: Act = (stage, device) => {
  const { chance } = stage.world
  const channelId = chance.pickOrNone([...device.client.channels.keys()])
  if (channelId) call(stage, device, 'event.send', { channelId, name: 'wave', data: {} })
}

/** The app throws a user out of all connections; the next token is good again. */
const revokeTokens: Act = ({ world }, { userId }) => world.throwOut(userId)

/** Somebody who is in none of the channels tries to read them. */
const pry: Act = ({ world, template }) => {
  const channels = [template.square, template.den, template.market].map((id) => ({ id }))
  world.rest(OUTSIDER, 'sync.pull', { input: { user: null, channels }, done: () => {} })
  world.rest(OUTSIDER, 'message.history', {
    input: { channelId: closed({ world, template }) },
    done: () => {},
  })
}

const acts: readonly (readonly [weight: number, act: Act])[] = [
  [45, send],
  ...moreActs,
  [16, edit],
  [6, erase],
  [5, addMember],
  [4, removeMember],
  [3, join],
  [2, leave],
  [2, changeRole],
  [3, updateChannel],
  [1, truncate],
  [1, rename],
  [1, create],
  [2, deleteChannel],
  [8, changeInterest],
  [6, readHistory],
  [6, pull],
  [4, hideAway],
  [2, restart],
  [1, pry],
  [2, shout],
  [0.5, revokeTokens],
]

/** The app's own server sends many messages at once. */
export function burst({ world, template }: Stage, count: number): void {
  const { server, chance } = world
  const channelId = chance.pick([template.square, template.den])
  world.tell(() => `${count} messages at once into ${channelId}`)
  for (let number = 0; number < count; number++)
    void server?.call(null, 'message.send', {
      channelId,
      clientId: world.newClientId(),
      text: `burst ${number}`,
    })
}
