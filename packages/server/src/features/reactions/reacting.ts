import {
  addReaction,
  ChatError,
  type OutputOf,
  type ReactionCounts,
  reactionChanged,
  removeReaction,
} from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { type WriteContext, write } from '../../kernel/handlers.ts'
import type { ReactionMode } from '../../kernel/permissions/channelTypes.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type Access, lockChannel } from '../access/index.ts'
import { refuseUnreachable } from '../blocks/index.ts'
import { userById } from '../users/index.ts'
import { reactionsContentKey } from './contentKey.ts'
import {
  countsOf,
  ownOn,
  type ReactedRow,
  reactedMessage,
  saveCounts,
  saveReaction,
  subjectOf,
} from './reactions.store.ts'

/** How many times with which emoji; 0 for none. */
interface Wish {
  readonly emoji: string
  readonly score: number
}

export const add = write(addReaction, (context) => react(context, context.input))
export const remove = write(removeReaction, (context) =>
  react(context, { emoji: context.input.emoji, score: 0 }),
)

type Reacting = WriteContext<typeof addReaction> | WriteContext<typeof removeReaction>

async function react(
  { input, actor, tx, announce, settings }: Reacting,
  wish: Wish,
): Promise<OutputOf<typeof addReaction>> {
  const { channelId, messageId } = input
  const access = await lockChannel(tx, { actor, channelId, action: 'message.react', settings })
  const mode = settings.channelTypes[access.channel.type]?.reactions ?? 'none'
  if (mode === 'none') throw new ChatError('forbidden')
  const row = await presentMessage(tx, access, messageId)
  const user = await reactingUser(tx, actor, input.userId)
  const own = await ownOn(tx, { channelId, uid: user.uid, seq: row.seq })
  const changes = changesOf(mode, own, wish)
  const { stream } = access
  const about = { messageId, messageSeq: row.seq }
  const before = countsOf(row.counts)
  if (changes.length === 0)
    return {
      ...about,
      reactions: before,
      reactionsVersion: row.version ?? 0,
      own,
      epoch: stream.epoch,
    }

  // What is taken back reaches nobody as news.
  if (wish.score > 0) await refuseUnreachable(tx, access.channel, user.uid)
  const counts = countedAnew(before, own, changes)
  if (Object.keys(counts).length > Math.max(settings.limits.reactionKinds, kindsOf(before)))
    throw new ChatError('reaction.limit', { details: { limit: settings.limits.reactionKinds } })
  const slot = stream.take()
  for (const change of changes)
    saveReaction(tx, { channelId, seq: row.seq, uid: user.uid, ...change }, tx.now)
  saveCounts(tx, { channelId, seq: row.seq, version: slot.seq, counts })
  const told = { ...about, reactions: counts, reactionsVersion: slot.seq }
  announce(
    slot,
    reactionChanged,
    { ...told, changes: changes.map((change) => ({ userId: user.id, ...change })), omitted: 0 },
    {
      by: user.id,
      subjectSeq: subjectOf(row),
      memberCount: access.channel.member_count,
      mergeKey: messageId,
      contentKey: reactionsContentKey(messageId),
    },
  )
  return { ...told, own: withChanges(own, changes), epoch: slot.epoch }
}

async function presentMessage(tx: Tx, access: Access, messageId: string): Promise<ReactedRow> {
  const row = await reactedMessage(tx, access.channel.id, messageId)
  if (!row || subjectOf(row) <= access.visibleFrom) throw new ChatError('message.not_found')
  if (row.deleted_at !== null) throw new ChatError('message.deleted')
  if (row.kind === 'system') throw new ChatError('message.system')
  return row
}

async function reactingUser(
  tx: Tx,
  actor: Actor,
  userId: string | undefined,
): Promise<{ readonly uid: string; readonly id: string }> {
  if (actor.kind === 'user') {
    if (userId !== undefined) throw new ChatError('forbidden')
    return actor
  }
  if (userId === undefined)
    throw new ChatError('bad_request', {
      details: { issues: [{ path: 'userId', message: 'a server names who reacts' }] },
    })
  const user = await userById(tx, userId)
  if (!user || user.deactivated_at !== null) throw new ChatError('user.not_found')
  return user
}

/** What a wish changes of what somebody has on a message. */
function changesOf(mode: ReactionMode, own: ReactionCounts, wish: Wish): readonly Wish[] {
  const { emoji } = wish
  const score = mode === 'many' ? wish.score : Math.min(wish.score, 1)
  if ((own[emoji] ?? 0) === score) return []
  const others = mode === 'one' && score > 0 ? Object.keys(own) : []
  return [...others.map((other) => ({ emoji: other, score: 0 })), { emoji, score }]
}

const kindsOf = (counts: ReactionCounts): number => Object.keys(counts).length

const withChanges = (own: ReactionCounts, changes: readonly Wish[]): ReactionCounts => {
  const scores = new Map(Object.entries(own))
  for (const { emoji, score } of changes) scores.set(emoji, score)
  return present(scores)
}

function countedAnew(
  before: ReactionCounts,
  own: ReactionCounts,
  changes: readonly Wish[],
): ReactionCounts {
  const counts = new Map(Object.entries(before))
  for (const { emoji, score } of changes)
    counts.set(emoji, (counts.get(emoji) ?? 0) + score - (own[emoji] ?? 0))
  return present(counts)
}

const present = (scores: ReadonlyMap<string, number>): ReactionCounts =>
  Object.fromEntries([...scores].filter(([, score]) => score > 0))
