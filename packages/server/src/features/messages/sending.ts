import {
  ChatError,
  type InputOf,
  messageCreated,
  type OutputOf,
  sendMessage,
} from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { type Settings, type WriteContext, write } from '../../kernel/handlers.ts'
import { bodyHash, recall, recallAhead, remember } from '../../kernel/idempotency.ts'
import type { Tx } from '../../kernel/transaction.ts'
import type { Snapshot } from '../../store/engine.ts'
import {
  type Access,
  allows,
  channelById,
  lockChannel,
  memberOf,
  refuseFrozen,
} from '../access/index.ts'
import { refuseUnreachable } from '../blocks/index.ts'
import { noteSent } from '../drafts/index.ts'
import { turnOf } from '../slowMode/index.ts'
import { userById } from '../users/index.ts'
import { messageContentKey } from './contentKey.ts'
import { omitBut } from './flood.ts'
import { hereFor } from './here.ts'
import { checkMentions } from './mentions.ts'
import { insertMessage } from './messages.store.ts'
import { messageById, messageBySeq } from './pages.store.ts'
import { type Author, noteInChannel, noteInThread, rootOf } from './placing.ts'
import {
  type MessageRow,
  publicMessage,
  sees,
  subjectOf,
  UNANSWERED,
  type UnhashedRow,
} from './row.ts'

type Input = InputOf<typeof sendMessage>

/** The same client id again is the same message: a retry is answered from what is stored, in its present state. */
export const send = write(sendMessage, sendOne, { readAhead })

type Sending = Omit<WriteContext<typeof sendMessage>, 'disconnect'>

/** Judges everything at this moment, whoever asks: a call of the author's, or what the author wished for earlier. */
export async function sendOne({
  input,
  actor,
  tx,
  announce,
  settings,
}: Sending): Promise<OutputOf<typeof sendMessage>> {
  const { channelId, clientId } = input
  const wish = { actor, channelId, action: 'message.send', settings } as const
  const access = await lockChannel(tx, { ...wish, frozenToo: true })
  const author = await authorOf(tx, actor, input)
  const key = { scope: channelId, actor: author?.uid ?? 'app', clientId }
  const hash = hashOf(input)
  const known = await recall(tx, key)
  const turn = await turnOf(tx, access, { actor, settings })
  const { epoch } = access.stream
  if (known) {
    const message = await storedMessage(tx, access, { known, hash })
    return { message, epoch, duplicate: true, nextInMs: turn.nextInMs }
  }

  // A retry of what was said before the freezing is answered: it is there.
  refuseFrozen(access, wish)
  const authorUid = author?.uid ?? null
  const root = await checkContent(tx, access, { input, actor, authorUid, settings })

  const here = hereFor(input.mentions, { channelId, settings })
  // Behind all that may refuse it: what was not said costs nothing.
  const nextInMs = turn.take()
  const slot = access.stream.take()
  const row = rowOf({ input, author, seq: slot.seq, access, tx, root })
  insertMessage(tx, row)
  remember(tx, key, { bodyHash: hash, target: String(slot.seq) })
  const inChannel = row.in_channel ? await noteInChannel(tx, access, { row, input, here }) : {}
  const message = publicMessage(row)
  const by = author?.id ?? null
  const memberCount = access.channel.member_count
  announce(
    slot,
    messageCreated,
    { message },
    {
      by,
      subjectSeq: subjectOf(row),
      memberCount,
      omitBut: await omitBut(tx, access, { author, input, settings }),
      contentKey: messageContentKey(row.id),
      ...inChannel,
    },
  )
  if (root) await noteInThread({ tx, announce, access }, root, { row, author, input, here })
  if (input.draftVersion !== undefined && actor.kind === 'user')
    await noteSent({ tx, announce, actor }, input, input.draftVersion)
  return { message, epoch, duplicate: false, nextInMs }
}

interface Content {
  readonly input: Pick<
    Input,
    'channelId' | 'text' | 'mentions' | 'quotedId' | 'threadRootId' | 'alsoInChannel'
  >
  readonly actor: Actor
  /** Null for the app itself. */
  readonly authorUid: string | null
  readonly settings: Settings
}

/** Refuses what the actor could not say there now. Resolves with the root of the thread for a reply. */
export async function checkContent(
  db: Snapshot,
  access: Access,
  { input, actor, authorUid, settings }: Content,
): Promise<MessageRow | null> {
  await refuseUnreachable(db, access.channel, authorUid)
  await checkMentions(db, {
    ...input,
    mayMentionChannel: allows(access, { actor, settings }, 'message.mentionChannel'),
  })
  await checkQuote(db, access, input.quotedId)
  return rootOf(db, access, input)
}

export interface Sent {
  readonly seq: number
  /** Null when it was thrown away since. */
  readonly messageId: string | null
}

/** What a user sent under a client id, as long as it is remembered; null for nothing. */
export async function sentUnder(
  db: Snapshot,
  { uid, channelId, clientId }: { readonly uid: string; channelId: string; clientId: string },
): Promise<Sent | null> {
  const known = await recall(db, { scope: channelId, actor: uid, clientId })
  if (!known) return null
  const seq = Number(known.target)
  return { seq, messageId: (await messageBySeq(db, channelId, seq))?.id ?? null }
}

/** What the sends of a batch will ask for, all at once: an engine behind a network answers in one way there and back. */
async function readAhead(tx: Tx, wishes: readonly Asked[]): Promise<void> {
  for (const [channelId, some] of Map.groupBy(wishes, ({ input }) => input.channelId)) {
    if (!(await tx.tryLock(channelId))) continue
    const keys = some.flatMap(({ actor, input: { clientId } }) =>
      actor.kind === 'user' ? [{ actor: actor.uid, clientId }] : [],
    )
    const authors = new Set(keys.map(({ actor }) => actor))
    await Promise.all([
      channelById(tx, channelId),
      recallAhead(tx, channelId, keys),
      ...[...authors].map((uid) => memberOf(tx, channelId, uid)),
    ])
  }
}

type Asked = Pick<WriteContext<typeof sendMessage>, 'input' | 'actor'>

async function authorOf(
  db: Snapshot,
  actor: Actor,
  { author, draftVersion }: Input,
): Promise<Author | null> {
  if (actor.kind === 'user') {
    if (author !== undefined) throw new ChatError('forbidden')
    return { uid: actor.uid, id: actor.id }
  }
  if (draftVersion !== undefined) throw new ChatError('forbidden')
  if (author === undefined) return null
  const user = await userById(db, author)
  if (!user || user.deactivated_at !== null) throw new ChatError('user.not_found')
  return { uid: user.uid, id: user.id }
}

/** Choices that were not made are left out: sends from before there was a choice keep their hash. */
const hashOf = (input: Input): string => {
  const { text, mentions, quotedId, custom, threadRootId, alsoInChannel, silent } = input
  return bodyHash({
    text,
    mentions,
    quotedId,
    custom,
    threadRootId,
    alsoInChannel: alsoInChannel || undefined,
    silent: silent || undefined,
  })
}

interface Retry {
  readonly known: { readonly bodyHash: string; readonly target: string }
  readonly hash: string
}

async function storedMessage(db: Snapshot, { channel }: Access, { known, hash }: Retry) {
  if (known.bodyHash !== hash) throw new ChatError('message.client_id_reused')
  const row = await messageBySeq(db, channel.id, Number(known.target))
  if (row && subjectOf(row) > channel.floor) return publicMessage(row)
  // It came true once and was taken away: storing it anew would undo that.
  throw new ChatError(channel.floor > 0 ? 'message.truncated' : 'message.not_found')
}

async function checkQuote(
  db: Snapshot,
  access: Access,
  quotedId: string | undefined,
): Promise<void> {
  if (quotedId === undefined) return
  const quoted = await messageById(db, access.channel.id, quotedId)
  if (!quoted || !sees(access, quoted))
    throw new ChatError('message.not_found', { details: { field: 'quotedId' } })
  if (quoted.kind === 'system')
    throw new ChatError('message.system', { details: { field: 'quotedId' } })
}

function rowOf({
  input,
  author,
  seq,
  access,
  tx,
  root,
}: {
  readonly input: Input
  readonly author: Author | null
  readonly seq: number
  readonly access: Access
  readonly tx: Tx
  readonly root: MessageRow | null
}): UnhashedRow {
  const inChannel = root === null || input.alsoInChannel ? 1 : 0
  return {
    channel_id: input.channelId,
    seq,
    id: tx.newId(),
    version: seq,
    author_uid: author?.uid ?? null,
    author: author?.id ?? null,
    client_id: input.clientId,
    kind: 'text',
    text: input.text,
    quoted_id: input.quotedId ?? null,
    mentions: JSON.stringify(input.mentions),
    custom: JSON.stringify(input.custom),
    // A clock that steps back must not make displayed times contradict the order.
    created_at: Math.max(tx.now, access.channel.last_message_at ?? 0),
    edited_at: null,
    deleted_at: null,
    to_read: inChannel && !input.silent ? 1 : 0,
    thread_root_seq: root?.seq ?? null,
    thread_root_id: root?.id ?? null,
    in_channel: inChannel,
    system: null,
    silent: input.silent ? 1 : 0,
    ...UNANSWERED,
  }
}
