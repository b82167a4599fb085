import { z } from 'zod'
import { Block } from './blocks.ts'
import { Channel, ChannelListItem, LeaveReason } from './channels.ts'
import { operation } from './define.ts'
import { DeletedDraft, Draft } from './drafts.ts'
import { LIMITS } from './limits.ts'
import { Me, Member } from './members.ts'
import { Message, MessageThread } from './messages.ts'
import { Pin } from './pins.ts'
import { MessageReactions, OwnReactions } from './reactions.ts'
import { Epoch, Id, Seq } from './scalars.ts'
import { ScheduledMark } from './scheduled.ts'
import { User } from './users.ts'

/** Where a client stands in a stream. */
export const Cursor = z.strictObject({ epoch: Epoch, seq: Seq }).meta({ id: 'Cursor' })
export type Cursor = z.infer<typeof Cursor>

/**
 * Why a stream starts over: no cursor was given (`first`), too many rows changed (`too_far`), the rows are gone
 * (`floor`), the history was rewritten (`epoch`), the cursor names a position that never was (`unknown`), or the
 * client's interval of visibility changed (`visibility`).
 */
export const ResetReason = z
  .enum(['first', 'too_far', 'floor', 'epoch', 'unknown', 'visibility'])
  .meta({ id: 'ResetReason' })

const Same = z.object({ status: z.literal('same'), epoch: Epoch, seq: Seq })
const Head = z.object({
  status: z.literal('head').describe('Only the head; call sync.pull for what changed.'),
  epoch: Epoch,
  seq: Seq,
})
const Delta = z.object({ status: z.literal('delta'), epoch: Epoch, from: Seq, through: Seq })
const Reset = z.object({
  status: z.literal('reset'),
  epoch: Epoch,
  reason: ResetReason,
  through: Seq,
})
const ofChannel = { id: Id }
const ofUser = {
  scheduled: z
    .array(ScheduledMark)
    .max(LIMITS.scheduledPerUser)
    .describe('All own scheduled messages: drop the others, and list them when a version is new.'),
}

export const ChannelSync = z
  .discriminatedUnion('status', [
    Same.extend(ofChannel),
    Head.extend(ofChannel),
    Delta.extend({
      ...ofChannel,
      messages: z
        .array(Message)
        .describe('Every visible message with a version in (from, through].'),
      reactions: z
        .array(MessageReactions)
        .describe('The newest of those messages of which only the reactions changed since.'),
      staleReactions: z
        .boolean()
        .describe(
          'There were more: read the reactions of other messages again when they are shown.',
        ),
      threads: z.array(MessageThread).describe('Threads whose summary changed in (from, through].'),
      ownReactions: OwnReactions.describe('To all messages that are named here.'),
      members: z.array(Member).describe('Every membership with a version in (from, through].'),
      pins: z
        .array(Pin)
        .max(LIMITS.pinsPerChannel)
        .optional()
        .describe('All pins of visible messages, when any changed in (from, through].'),
      channel: Channel.optional().describe('When it changed in (from, through].'),
      users: z.array(User).describe('The people whom the rows name, as they are now.'),
    }),
    Reset.extend({
      ...ofChannel,
      messages: z.array(Message).describe('The newest window, by seq.'),
      ownReactions: OwnReactions,
      hasOlder: z.boolean(),
      pins: z.array(Pin).max(LIMITS.pinsPerChannel).describe('All pins of visible messages.'),
      channel: Channel,
      me: Me.nullable(),
      tombstones: z
        .array(Id)
        .describe('Messages deleted above the cursor: drop their text from older ranges.'),
      purge: z.boolean().describe('Too many to name: drop all older ranges.'),
      users: z.array(User),
    }),
    z.object({
      status: z.literal('gone'),
      ...ofChannel,
      reason: z
        .enum([...LeaveReason.options, 'disabled', 'unknown'])
        .describe('`disabled` is until further notice; all others are for good.'),
    }),
  ])
  .meta({ id: 'ChannelSync' })
export type ChannelSync = z.infer<typeof ChannelSync>

const Drafts = z.array(Draft).max(LIMITS.syncDrafts)
const moreDrafts = z
  .boolean()
  .describe('Not all that changed is told here: page through draft.list for all of them.')

export const UserSync = z
  .discriminatedUnion('status', [
    Same,
    Head,
    Delta.extend({
      user: User.optional().describe('When the own profile changed in (from, through].'),
      joined: z.array(ChannelListItem),
      left: z.array(z.object({ channelId: Id, reason: LeaveReason })),
      ...ofUser,
      drafts: Drafts.describe('Drafts that changed in (from, through].'),
      deletedDrafts: z
        .array(DeletedDraft)
        .describe('Places whose draft was deleted in (from, through].'),
      moreDrafts,
      blocks: z
        .array(Block)
        .optional()
        .describe('All of them, the newest first, when one changed in (from, through].'),
    }),
    Reset.extend({
      user: User,
      joined: z.array(ChannelListItem).describe('The most recent channels by activity.'),
      hasMore: z.boolean().describe('More channels than these: page through channel.list.'),
      ...ofUser,
      drafts: Drafts.describe('The drafts that changed last.'),
      moreDrafts,
      blocks: z.array(Block).describe('All of them, the newest first.'),
    }),
  ])
  .meta({ id: 'UserSync' })
export type UserSync = z.infer<typeof UserSync>

export const ChannelCursor = z
  .strictObject({ id: Id, epoch: Epoch.optional(), seq: Seq.optional() })
  .refine(
    (cursor) => (cursor.epoch === undefined) === (cursor.seq === undefined),
    'epoch and seq go together',
  )
  .meta({
    id: 'ChannelCursor',
    description: 'A channel with the cursor; without one it starts with a reset.',
  })
export type ChannelCursor = z.infer<typeof ChannelCursor>

export const pullSync = operation({
  name: 'sync.pull',
  summary: 'What changed since the cursors: per stream a delta, a reset, or nothing.',
  rest: { method: 'POST', path: '/v1/sync' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    user: Cursor.nullable()
      .optional()
      .describe('The cursor of the own stream; null for a first start; absent to leave it out.'),
    channels: z
      .array(ChannelCursor)
      .max(LIMITS.syncChannels)
      .refine(
        (list) => new Set(list.map((cursor) => cursor.id)).size === list.length,
        'ids must differ',
      )
      .default([]),
  }),
  output: z.object({ user: UserSync.nullable(), channels: z.array(ChannelSync) }),
  errors: [],
})

export const syncOperations = [pullSync] as const
