import type { ErrorCode, OperationName } from '@tertulia/protocol'
import { clientId } from '../names.ts'

/** How somebody stands to a channel. In a direct channel all are members. */
export const standings = ['stranger', 'member', 'moderator', 'owner'] as const
export type Standing = (typeof standings)[number]

/** What one may want of a channel, of its people, and of a message of somebody else's. */
export const wishes = [
  'see',
  'read',
  'list',
  'join',
  'leave',
  'rename',
  'slowDown',
  'freeze',
  'delete',
  'add',
  'remove',
  'promote',
  'send',
  'mentionAll',
  'editOwn',
  'deleteOwn',
  'editOthers',
  'deleteOthers',
  'signal',
  'react',
  'pin',
] as const
export type Wish = (typeof wishes)[number]

/** A channel with a plain member in it who said something, and somebody who could be added. */
export interface Place {
  readonly channelId: string
  readonly messageId: string
  /** Of whoever asks. */
  readonly ownMessageId: string
  readonly plainId: string
  readonly newId: string
}

export const asked: Readonly<Record<Wish, (place: Place) => readonly [OperationName, object]>> = {
  see: ({ channelId }) => ['channel.get', { channelId }],
  read: ({ channelId }) => ['message.history', { channelId }],
  list: ({ channelId }) => ['member.list', { channelId }],
  join: ({ channelId }) => ['member.join', { channelId }],
  leave: ({ channelId }) => ['member.leave', { channelId }],
  rename: ({ channelId }) => ['channel.update', { channelId, name: 'Renamed' }],
  slowDown: ({ channelId }) => [
    'channel.update',
    { channelId, slowMode: { seconds: 5, burst: 1 } },
  ],
  freeze: ({ channelId }) => ['channel.update', { channelId, state: 'frozen' }],
  delete: ({ channelId }) => ['channel.delete', { channelId }],
  add: ({ channelId, newId }) => ['member.add', { channelId, members: [{ userId: newId }] }],
  remove: ({ channelId, plainId }) => ['member.remove', { channelId, userId: plainId }],
  promote: ({ channelId, plainId }) => [
    'member.update',
    { channelId, userId: plainId, role: 'moderator' },
  ],
  send: ({ channelId }) => ['message.send', { channelId, clientId: clientId(), text: 'hi' }],
  mentionAll: ({ channelId }) => [
    'message.send',
    {
      channelId,
      clientId: clientId(),
      text: '@all',
      mentions: [{ kind: 'channel', start: 0, length: 4 }],
    },
  ],
  editOwn: ({ channelId, ownMessageId }) => [
    'message.edit',
    { channelId, messageId: ownMessageId, text: 'changed' },
  ],
  deleteOwn: ({ channelId, ownMessageId }) => [
    'message.delete',
    { channelId, messageId: ownMessageId },
  ],
  editOthers: ({ channelId, messageId }) => [
    'message.edit',
    { channelId, messageId, text: 'changed' },
  ],
  deleteOthers: ({ channelId, messageId }) => ['message.delete', { channelId, messageId }],
  react: ({ channelId, messageId }) => ['reaction.add', { channelId, messageId, emoji: '👍' }],
  pin: ({ channelId, messageId }) => ['message.pin', { channelId, messageId }],
  signal: ({ channelId }) => ['event.send', { channelId, name: 'wave' }],
}

type Outcome = 'done' | ErrorCode
type Column = Readonly<Record<Wish, Outcome>>

const all = (outcome: Outcome): Column =>
  Object.fromEntries(wishes.map((wish) => [wish, outcome])) as Column

const member: Column = {
  ...all('done'),
  rename: 'forbidden',
  slowDown: 'forbidden',
  freeze: 'forbidden',
  delete: 'forbidden',
  remove: 'forbidden',
  promote: 'forbidden',
  mentionAll: 'forbidden',
  editOthers: 'forbidden',
  deleteOthers: 'forbidden',
  pin: 'forbidden',
}
const moderator: Column = {
  ...all('done'),
  delete: 'forbidden',
  promote: 'forbidden',
  editOthers: 'forbidden',
}
const owner: Column = { ...all('done'), leave: 'member.last_owner', editOthers: 'forbidden' }
const visitor: Column = {
  ...all('forbidden'),
  see: 'done',
  join: 'done',
  leave: 'done',
}

const directMember: Column = {
  ...member,
  leave: 'channel.immutable_people',
  add: 'channel.immutable_people',
  remove: 'channel.immutable_people',
  promote: 'channel.immutable_people',
  mentionAll: 'done',
  pin: 'done',
}

/** The table of section 15 of SPEC.md, for the built-in channel types. */
export const grants: Readonly<Record<string, Readonly<Partial<Record<Standing, Column>>>>> = {
  direct: {
    stranger: all('channel.not_found'),
    member: directMember,
  },
  group: { stranger: all('channel.not_found'), member, moderator, owner },
  public: { stranger: visitor, member: { ...member, add: 'forbidden' }, moderator, owner },
  live: {
    stranger: {
      ...visitor,
      read: 'done',
      list: 'done',
      send: 'done',
      react: 'done',
      editOwn: 'done',
      deleteOwn: 'done',
    },
    member: { ...member, add: 'forbidden' },
    moderator,
    owner,
  },
}

const silenced = {
  send: 'channel.frozen',
  mentionAll: 'channel.frozen',
  editOwn: 'channel.frozen',
  editOthers: 'channel.frozen',
  signal: 'channel.frozen',
  react: 'channel.frozen',
} as const satisfies Partial<Column>

/** The same in a frozen channel: who may freeze it may speak in it. */
export const frozenGrants: typeof grants = {
  direct: {
    stranger: all('channel.not_found'),
    member: { ...directMember, ...silenced, pin: 'channel.frozen' },
  },
  group: {
    stranger: all('channel.not_found'),
    member: { ...member, ...silenced },
    moderator,
    owner,
  },
}
