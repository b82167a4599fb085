import type { Message } from '@tertulia/protocol'
import { type App, mustStayOutOfTheLog } from '../cast.ts'
import { clientId, randomLetters } from '../names.ts'
import type { Person } from '../person.ts'

/** Where the markers stand, by what they would betray. */
export interface Markers {
  /** What members of the channel see: profile, channel, what is said while they are there. */
  readonly shared: readonly string[]
  /** What was said, and taken back, before somebody joined who sees only what comes after. */
  readonly old: readonly string[]
  /** What is between others, or for app servers only. */
  readonly secret: readonly string[]
}

export interface World {
  readonly markers: Markers
  readonly letters: string
  readonly victim: Person
  readonly friend: Person
  /** The victim's private channel, of history `sinceJoin`. */
  readonly channelId: string
  /** A direct channel of the victim's with a friend. */
  readonly directId: string
  readonly messages: readonly Message[]
  /** The client id of what the victim will say in a day. */
  readonly scheduledId: string
}

interface Roles {
  readonly server: App
  readonly victim: Person
  readonly friend: Person
  /** Members who see all of this and are removed, or join, later. */
  readonly early: readonly Person[]
}

/** Puts a marker of its own into every field of the victim's. */
export async function plant({ server, victim, friend, early }: Roles): Promise<World> {
  const letters = randomLetters(12)
  const kept: Record<keyof Markers, string[]> = { shared: [], old: [], secret: [] }
  const mark = (kind: keyof Markers, field: string) => {
    const marker = `canary${letters}${field}`
    kept[kind].push(marker)
    mustStayOutOfTheLog(marker)
    return marker
  }
  const markedId = (kind: keyof Markers) => {
    const id = clientId()
    kept[kind].push(id)
    return id
  }

  await server.does('user.upsert', {
    users: [
      {
        id: victim.id,
        name: mark('shared', 'Name'),
        avatar: `https://pictures.example/${mark('shared', 'Avatar')}`,
        custom: { a: mark('shared', 'Custom') },
        privateCustom: { a: mark('secret', 'PrivateCustom') },
      },
    ],
  })
  await victim.does('presence.set', { status: { text: mark('shared', 'Status') } })
  const { channel } = await server.does('channel.getOrCreate', {
    key: mark('shared', 'Key'),
    name: mark('shared', 'ChannelName'),
    custom: { [mark('shared', 'ChannelField')]: mark('shared', 'ChannelCustom') },
    history: 'sinceJoin',
    members: [
      { userId: victim.id, role: 'owner' },
      { userId: friend.id },
      ...early.map(({ id }) => ({ userId: id })),
    ],
  })
  const channelId = channel.id
  for (const person of [victim, friend, ...early]) await person.watches(channelId)

  // The name of an hour: who joins later hears of it no more than of the messages of before.
  for (const name of [mark('old', 'NameForAnHour'), mark('shared', 'NameSince')])
    await victim.does('channel.update', { channelId, name })

  const react = (at: string, message: Message, emoji: string) =>
    victim.does('reaction.add', { channelId: at, messageId: message.id, emoji })
  const say = async (text: string, custom: object) =>
    (
      await victim.does('message.send', {
        channelId,
        clientId: markedId('old'),
        text,
        custom: custom as never,
      })
    ).message
  // What was taken away is for nobody, not even for those who were there.
  const truncated = await say(mark('old', 'TruncatedText'), { a: mark('old', 'TruncatedCustom') })
  await react(channelId, truncated, mark('old', 'TruncatedReaction'))
  await victim.does('message.pin', { channelId, messageId: truncated.id })
  await victim.does('channel.truncate', { channelId, upTo: truncated.seq })
  const plain = await say(`hello ${mark('old', 'Text')}`, {
    a: { b: [mark('old', 'MessageCustom')] },
  })
  await victim.does('message.pin', { channelId, messageId: plain.id })
  await react(channelId, plain, mark('old', 'Reaction'))
  const edited = await say(mark('old', 'BeforeEdit'), {})
  await victim.does('message.edit', {
    channelId,
    messageId: edited.id,
    text: mark('old', 'AfterEdit'),
  })
  const deleted = await say(mark('old', 'DeletedText'), { a: mark('old', 'DeletedCustom') })
  await victim.does('message.delete', { channelId, messageId: deleted.id })
  const newest = await say(mark('old', 'Newest'), {})
  await victim.does('event.send', {
    channelId,
    name: mark('old', 'EventName'),
    data: { a: mark('old', 'EventData') },
  })

  const { channel: direct } = await victim.does('channel.create', {
    clientId: markedId('secret'),
    type: 'direct',
    custom: { a: mark('secret', 'DirectCustom') },
    members: [{ userId: friend.id }],
  })
  for (const person of [victim, friend]) await person.watches(direct.id)
  // What one does with a channel is for nobody else, not even for its other members.
  const until = 4_000_000_000_000 + Math.floor(Math.random() * 1e12)
  kept.secret.push(String(until))
  await victim.does('channel.arrange', { channelId, muted: { until }, archived: true })
  const scheduledId = markedId('secret')
  await victim.does('scheduled.create', {
    channelId,
    clientId: scheduledId,
    sendAt: Date.now() + 86_400_000,
    text: mark('secret', 'Scheduled'),
    custom: { a: mark('secret', 'ScheduledCustom') },
  })
  await victim.does('draft.save', {
    channelId,
    text: mark('secret', 'Draft'),
    custom: { a: mark('secret', 'DraftCustom') },
  })
  await victim.does('draft.save', { channelId: direct.id, text: mark('secret', 'DirectDraft') })
  const blockedId = mark('secret', 'Blocked')
  await server.does('user.upsert', { users: [{ id: blockedId }] })
  await server.does('channel.create', {
    clientId: markedId('secret'),
    members: [{ userId: victim.id }, { userId: blockedId }],
  })
  await victim.does('user.block', { userId: blockedId, mode: 'twoWay' })
  const whispered = await victim.does('message.send', {
    channelId: direct.id,
    clientId: markedId('secret'),
    text: mark('secret', 'Direct'),
  })
  await react(direct.id, whispered.message, mark('secret', 'DirectReaction'))
  return {
    markers: kept,
    letters,
    victim,
    friend,
    channelId,
    directId: direct.id,
    scheduledId,
    messages: [plain, edited, deleted, newest, whispered.message],
  }
}

/** What the victim does while others listen: new markers for whoever is a member now, old ones about what was before. */
export async function liveOn({
  victim,
  friend,
  channelId,
  directId,
  letters,
  messages,
}: World): Promise<Markers> {
  const shared: string[] = []
  const old: string[] = []
  const secret: string[] = []
  const mark = (kind: string[], field: string) => {
    const marker = `canary${letters}Live${field}`
    kind.push(marker)
    mustStayOutOfTheLog(marker)
    return marker
  }
  const [plain, edited, , newest] = messages
  const change = (message: Message | undefined, text: string) =>
    victim.does('message.edit', { channelId, messageId: message?.id ?? '', text })
  const { line } = await friend.connects({ channels: [{ id: channelId, interest: 'list' }] })
  const preview = mark(old, 'EditOfNewest')
  await change(newest, preview)
  // Bumps are put together: only this one holds the preview.
  await line.sees('bump', ({ last }) => last?.text === preview)
  await change(plain, mark(old, 'Edit'))
  const at = { channelId, messageId: plain?.id ?? '' }
  await victim.does('reaction.add', { ...at, emoji: mark(old, 'Reaction') })
  await victim.does('message.unpin', at)
  await victim.does('message.pin', at)
  await victim.does('message.pin', { channelId, messageId: edited?.id ?? '' })
  await victim.does('message.delete', { channelId, messageId: edited?.id ?? '' })
  await victim.does('message.delete', { channelId, messageId: newest?.id ?? '' })
  await victim.says(channelId, mark(shared, 'Text'), {
    custom: { a: mark(shared, 'Custom') },
    quotedId: plain?.id ?? '',
  })
  await victim.does('event.send', {
    channelId,
    name: mark(shared, 'EventName'),
    data: { a: mark(shared, 'EventData') },
  })
  await victim.does('channel.update', {
    channelId,
    name: mark(shared, 'ChannelName'),
    custom: { a: mark(shared, 'ChannelCustom') },
  })
  await friend.does('presence.watch', { userIds: [victim.id] })
  const status = mark(shared, 'Status')
  await victim.does('presence.set', { choice: 'away', status: { text: status } })
  await friend.line.sees('presence', ({ presences: [one] }) => one?.status?.text === status)
  await victim.does('presence.set', { choice: 'invisible' })
  await victim.says(directId, mark(secret, 'Direct'))
  await victim.does('event.send', {
    channelId: directId,
    name: mark(secret, 'DirectEventName'),
    data: {},
  })
  await victim.does('user.update', {
    name: mark(shared, 'Name'),
    custom: { a: mark(shared, 'ProfileCustom') },
  })
  return { shared, old, secret }
}
