import { ChatError, getMessage, type InputOf, messageHistory } from '@tertulia/protocol'
import { read } from '../../kernel/handlers.ts'
import { readStream } from '../../kernel/streams.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type Access, openChannel } from '../access/index.ts'
import { ownReactionsOn } from '../reactions/index.ts'
import { messageById, messagesAfter, messagesBefore } from './pages.store.ts'
import { type MessageRow, publicMessage, sees } from './row.ts'

export const get = read(getMessage, async ({ input, actor, db, settings }) => {
  const { channelId, messageId } = input
  const access = await openChannel(db, {
    actor,
    channelId,
    action: 'channel.read',
    settings,
  })
  const row = await messageById(db, channelId, messageId)
  if (!row || !sees(access, row)) throw new ChatError('message.not_found')
  const message = publicMessage(row)
  const ownReactions = await ownReactionsOn(db, actor, { channelId, messages: [message] })
  return { message, ownReactions }
})

/** Every page costs the same, however far from the head: one range of the primary key. */
export const history = read(messageHistory, async ({ input, actor, db, settings }) => {
  const { channelId, threadRootId } = input
  const access = await openChannel(db, {
    actor,
    channelId,
    action: 'channel.read',
    settings,
  })
  const stream = await readStream(db, channelId, settings.epoch)
  if (!stream) throw new ChatError('channel.not_found')
  const rootSeq = threadRootId === undefined ? null : await rootAt(db, access, threadRootId)
  const edges = { visibleFrom: access.visibleFrom, head: stream.seq, rootSeq }
  const { rows, ...range } = await pageOf(db, input, edges)
  const messages = rows.map(publicMessage)
  return {
    ...range,
    messages,
    ownReactions: await ownReactionsOn(db, actor, { channelId, messages }),
    epoch: stream.epoch,
    through: stream.seq,
  }
})

/** `low` of a page with nothing visible before it. The same as that of a reset, so that clients can join the two. */
const BEGINNING = 0

async function rootAt(db: Snapshot, access: Access, id: string): Promise<number> {
  const root = await messageById(db, access.channel.id, id)
  if (!root || !sees(access, root) || root.thread_root_seq !== null || root.kind === 'system')
    throw new ChatError('message.not_found')
  return root.seq
}

interface Edges {
  /** Null for what stands in the channel, else the thread. */
  readonly rootSeq: number | null
  readonly visibleFrom: number
  readonly head: number
}

interface Page {
  readonly rows: readonly MessageRow[]
  readonly low: number
  readonly high: number
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

function pageOf(db: Snapshot, input: InputOf<typeof messageHistory>, edges: Edges): Promise<Page> {
  if (input.after !== undefined) return pageAfter(db, { ...input, after: input.after }, edges)
  if (input.around !== undefined) return pageAround(db, { ...input, around: input.around }, edges)
  return pageBefore(db, { ...input, before: input.before ?? edges.head + 1 }, edges)
}

interface Asked {
  readonly channelId: string
  readonly limit: number
}

async function pageBefore(
  db: Snapshot,
  { channelId, limit, before }: Asked & { before: number },
  edges: Edges,
): Promise<Page> {
  const below = Math.min(before, edges.head + 1)
  const found = await messagesBefore(db, {
    ...edges,
    channelId,
    above: edges.visibleFrom,
    below,
    limit: limit + 1,
  })
  const hasOlder = found.length > limit
  const rows = hasOlder ? found.slice(1) : found
  const low = hasOlder ? (rows[0]?.seq ?? below) : BEGINNING
  return { rows, low, high: Math.max(below - 1, 0), hasOlder, hasNewer: below <= edges.head }
}

async function pageAfter(
  db: Snapshot,
  { channelId, limit, after }: Asked & { after: number },
  edges: Edges,
): Promise<Page> {
  const above = Math.max(after, edges.visibleFrom)
  const found = await messagesAfter(db, { ...edges, channelId, above, limit: limit + 1 })
  const hasNewer = found.length > limit
  const rows = hasNewer ? found.slice(0, -1) : found
  const high = hasNewer ? (rows.at(-1)?.seq ?? above) : edges.head
  const hasOlder = above > edges.visibleFrom
  return { rows, low: hasOlder ? above + 1 : BEGINNING, high, hasOlder, hasNewer }
}

/** Half of the page up to and with the seq, half after it. */
async function pageAround(
  db: Snapshot,
  { channelId, limit, around }: Asked & { around: number },
  edges: Edges,
): Promise<Page> {
  const half = Math.ceil(limit / 2)
  const older = await pageBefore(db, { channelId, limit: half, before: around + 1 }, edges)
  if (limit === half) return older
  const newer = await pageAfter(db, { channelId, limit: limit - half, after: older.high }, edges)
  return {
    rows: [...older.rows, ...newer.rows],
    low: older.low,
    high: newer.high,
    hasOlder: older.hasOlder,
    hasNewer: newer.hasNewer,
  }
}
