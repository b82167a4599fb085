import { type Act, call, messageOf, textOf } from './acting.ts'

/** Few, so that they meet on the same message. */
const EMOJIS = ['👍', '❤️', '🎉'] as const

const react: Act = (stage, device) => {
  const message = messageOf(stage, device, false)
  if (!message) return
  const { chance } = stage.world
  const op = chance.pick(['reaction.add', 'reaction.add', 'reaction.remove'] as const)
  const { channelId, id: messageId } = message
  call(stage, device, op, { channelId, messageId, emoji: chance.pick(EMOJIS) })
}

/** In the thread of a message, or of the one that it replies to. */
const reply: Act = (stage, device) => {
  const message = messageOf(stage, device, false)
  if (!message) return
  const { chance } = stage.world
  call(stage, device, 'message.send', {
    channelId: message.channelId,
    clientId: stage.world.newClientId(),
    text: textOf(stage.world),
    threadRootId: message.threadRootId ?? message.id,
    alsoInChannel: chance.happens(0.3),
  })
}

/** Up to what is on the screen of this device, which may be behind the other one. */
const markRead: Act = (stage, device) => {
  const channel = stage.world.chance.pickOrNone([...device.client.channels.values()])
  const seq = channel?.follower.cursor?.seq
  if (channel && seq !== undefined)
    call(stage, device, 'receipt.read', { channelId: channel.copy.id, seq })
}

const markUnread: Act = (stage, device) => {
  const message = messageOf(stage, device, false)
  if (message)
    call(stage, device, 'unread.mark', { channelId: message.channelId, messageId: message.id })
}

const arrange: Act = (stage, device) => {
  const { chance } = stage.world
  const channelId = chance.pickOrNone([...device.client.channels.keys()])
  const choice = chance.pick([
    { pinned: true },
    { pinned: false },
    { hidden: true },
    { archived: true },
    { archived: false },
    { muted: {} },
    { muted: null },
  ])
  if (channelId) call(stage, device, 'channel.arrange', { channelId, ...choice })
}

/** Soon enough to come due in the middle of all this. */
const schedule: Act = (stage, device) => {
  const { world } = stage
  const channelId = world.chance.pickOrNone([...device.client.channels.keys()])
  if (!channelId) return
  call(stage, device, 'scheduled.create', {
    channelId,
    clientId: world.newClientId(),
    sendAt: world.wallNow() + Math.floor(world.chance.between(1500, 9000)),
    text: textOf(world),
  })
}

const unschedule: Act = (stage, device) => {
  const { chance } = stage.world
  const key = chance.pickOrNone([...device.client.own.scheduled.keys()])
  const [channelId, clientId] = key?.split('/') ?? []
  if (!channelId || !clientId) return
  const place = { channelId, clientId }
  if (chance.happens(0.5)) call(stage, device, 'scheduled.cancel', place)
  else call(stage, device, 'scheduled.update', { ...place, text: textOf(stage.world) })
}

/** What people do besides writing. */
export const moreActs: readonly (readonly [weight: number, act: Act])[] = [
  [12, react],
  [8, reply],
  [8, markRead],
  [2, markUnread],
  [2, arrange],
  [3, schedule],
  [2, unschedule],
]
