import type { OperationName } from '@tertulia/protocol'
import type { Output } from '../contract.ts'
import { clientId } from '../names.ts'
import type { PresentActor } from './actors.ts'
import type { Things } from './stage.ts'

export interface Asking {
  readonly things: Things
  readonly actor: PresentActor
  readonly bearer: string | null
}

const isKey = (actor: PresentActor): boolean => actor === 'readOnlyKey' || actor === 'fullKey'

/** A server names who reacts. */
const reactionOf = ({ channelId, messageId, witnessId }: Things, actor: PresentActor) => ({
  channelId,
  messageId,
  emoji: '👍',
  ...(isKey(actor) ? { userId: witnessId } : {}),
})

/** What everybody asks, one good input for each operation. */
export const inputs: Readonly<Record<OperationName, (asking: Asking) => object>> = {
  'user.upsert': ({ things }) => ({ users: [{ id: things.witnessId, name: 'Changed' }] }),
  'user.get': ({ things }) => ({ userId: things.witnessId }),
  'user.query': ({ things }) => ({ ids: [things.witnessId] }),
  'user.update': () => ({ name: 'Changed' }),
  'privacy.get': () => ({}),
  'privacy.update': () => ({ typing: false }),
  'presence.get': () => ({}),
  'presence.set': () => ({ choice: 'away' }),
  'presence.watch': ({ things }) => ({ userIds: [things.witnessId] }),
  'presence.count': ({ things: { channelId } }) => ({ channelId }),
  'user.block': ({ things }) => ({ userId: things.witnessId }),
  'user.unblock': ({ things }) => ({ userId: things.witnessId }),
  'block.list': () => ({}),
  'user.deactivate': ({ things }) => ({ userId: things.witnessId }),
  'user.reactivate': ({ things }) => ({ userId: things.witnessId }),
  'user.revokeTokens': ({ things }) => ({ userId: things.witnessId }),
  'channel.create': () => ({ clientId: clientId(), name: 'Mine' }),
  'channel.getOrCreate': ({ things }) => ({ key: `key-${things.letters}` }),
  'channel.get': ({ things: { channelId } }) => ({ channelId }),
  'channel.update': ({ things: { channelId } }) => ({ channelId, name: 'Changed' }),
  'channel.delete': ({ things: { channelId } }) => ({ channelId }),
  'channel.truncate': ({ things: { channelId } }) => ({ channelId }),
  'channel.list': ({ things, actor }) => (isKey(actor) ? { userId: things.ownerId } : {}),
  'channel.find': ({ things }) => ({ name: things.letters }),
  'channel.arrange': ({ things: { channelId } }) => ({ channelId, muted: {} }),
  'member.add': ({ things: { channelId, strangerId } }) => ({
    channelId,
    members: [{ userId: strangerId }],
  }),
  'member.remove': ({ things: { channelId, witnessId } }) => ({ channelId, userId: witnessId }),
  'member.update': ({ things: { channelId, witnessId } }) => ({
    channelId,
    userId: witnessId,
    role: 'moderator',
  }),
  'member.join': ({ things: { channelId } }) => ({ channelId }),
  'member.leave': ({ things: { channelId } }) => ({ channelId }),
  'member.list': ({ things: { channelId } }) => ({ channelId }),
  'message.send': ({ things: { channelId } }) => ({
    channelId,
    clientId: clientId(),
    text: 'from the matrix',
  }),
  'message.edit': ({ things: { channelId, messageId } }) => ({
    channelId,
    messageId,
    text: 'changed',
  }),
  'message.delete': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'message.get': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'message.history': ({ things: { channelId } }) => ({ channelId }),
  'reaction.add': ({ things, actor }) => reactionOf(things, actor),
  'reaction.remove': ({ things, actor }) => reactionOf(things, actor),
  'reaction.list': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'message.pin': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'message.unpin': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'message.listPinned': ({ things: { channelId } }) => ({ channelId }),
  'receipt.read': ({ things: { channelId } }) => ({ channelId }),
  'receipt.deliver': ({ things: { channelId } }) => ({ channels: [{ id: channelId, seq: 3 }] }),
  'receipt.list': ({ things: { channelId } }) => ({ channelId }),
  'unread.mark': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'unread.explain': ({ things: { channelId } }) => ({ channelId }),
  'unread.total': () => ({}),
  'thread.follow': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'thread.unfollow': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'thread.read': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'thread.get': ({ things: { channelId, messageId } }) => ({ channelId, messageId }),
  'thread.list': () => ({}),
  'scheduled.create': ({ things: { channelId } }) => ({
    channelId,
    clientId: clientId(),
    sendAt: Date.now() + 86_400_000,
    text: 'from the matrix',
  }),
  'scheduled.list': () => ({}),
  'scheduled.update': ({ things: { channelId, scheduledId: clientId } }) => ({
    channelId,
    clientId,
    text: 'changed',
  }),
  'scheduled.cancel': ({ things: { channelId, scheduledId: clientId } }) => ({
    channelId,
    clientId,
  }),
  'draft.save': ({ things: { channelId } }) => ({ channelId, text: 'not yet' }),
  'draft.delete': ({ things: { channelId } }) => ({ channelId }),
  'draft.list': () => ({}),
  'sync.pull': ({ things: { channelId } }) => ({ channels: [{ id: channelId }] }),
  'interest.set': ({ things: { channelId } }) => ({ channels: [{ id: channelId }] }),
  'session.renew': ({ bearer }) => ({ token: bearer ?? '' }),
  'ticket.create': () => ({}),
  'event.send': ({ things: { channelId } }) => ({ channelId, name: 'wave', data: { a: 1 } }),
}

type Shows = {
  readonly [Name in OperationName]?: (output: Output<Name>, things: Things) => boolean
}

/** For answers that leave out what one may not see: whether they show the thing. */
const shows: Shows = {
  'user.query': ({ users }, { witnessId }) => users.some(({ id }) => id === witnessId),
  // The witness has a status.
  'presence.watch': ({ presences }) => presences.some(({ status }) => status !== null),
  'scheduled.list': ({ scheduled }, { scheduledId }) =>
    scheduled.some(({ clientId }) => clientId === scheduledId),
  'channel.list': ({ channels }, { channelId }) =>
    channels.some(({ channel }) => channel.id === channelId),
  'channel.find': ({ channels }) => channels.length > 0,
  'sync.pull': ({ channels }) => channels.some(({ status }) => status !== 'gone'),
  'interest.set': ({ channels }) => channels.some(({ status }) => status !== 'gone'),
}

export const isShown = (name: OperationName, output: unknown, things: Things): boolean =>
  shows[name]?.(output as never, things) ?? true
