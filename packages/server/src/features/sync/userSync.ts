import { type ChannelListItem, type Cursor, LIMITS, type UserSync } from '@tertulia/protocol'
import { readStream, type StreamState, standingOf } from '../../kernel/streams.ts'
import type { Snapshot } from '../../store/engine.ts'
import type { MembershipsTable } from '../../store/schema.ts'
import { channelById } from '../access/index.ts'
import { blocksOf, blocksSince } from '../blocks/index.ts'
import { channelsByActivity, listItem } from '../channels/index.ts'
import { draftsSince, newestDrafts } from '../drafts/index.ts'
import { scheduledMarks } from '../scheduled/index.ts'
import { publicUser, requiredUser, userByUid } from '../users/index.ts'
import type { Viewer } from './channelSync.ts'
import { membershipsChanged } from './sync.store.ts'

/** What changed in the own stream since a cursor; a first start when there is none. */
export async function syncUser(
  db: Snapshot,
  viewer: Viewer,
  cursor: Cursor | null,
): Promise<UserSync> {
  const stream = await readStream(db, viewer.actor.uid, viewer.settings.epoch)
  if (!stream) throw new Error(`The user ${viewer.actor.uid} has no stream.`)
  if (!cursor) return reset(db, viewer, stream, 'first')
  const standing = standingOf(stream, cursor)
  if (standing === 'same') return { status: 'same', epoch: stream.epoch, seq: stream.seq }
  if (standing !== 'delta') return reset(db, viewer, stream, standing)
  return (await delta(db, viewer, stream, cursor.seq)) ?? reset(db, viewer, stream, 'too_far')
}

/** Only where the own stream stands. */
export async function headOfUser(db: Snapshot, { actor, settings }: Viewer): Promise<UserSync> {
  const stream = await readStream(db, actor.uid, settings.epoch)
  return { status: 'head', epoch: stream?.epoch ?? settings.epoch, seq: stream?.seq ?? 0 }
}

async function delta(
  db: Snapshot,
  viewer: Viewer,
  stream: StreamState,
  after: number,
): Promise<UserSync | null> {
  const { uid } = viewer.actor
  const rows = await membershipsChanged(db, { uid, after, limit: LIMITS.resetChannels + 1 })
  // Every joined channel comes with its whole list item, so few of them fill a page.
  if (rows.length > LIMITS.resetChannels) return null
  const user = requiredUser(await userByUid(db, uid))
  const joined: ChannelListItem[] = []
  const left: Extract<UserSync, { status: 'delta' }>['left'] = []
  for (const row of rows) {
    const item = row.state === 'joined' ? await presentItem(db, viewer, row) : null
    if (item) joined.push(item)
    else
      left.push({
        channelId: row.channel_id,
        reason: row.state === 'joined' ? 'deleted' : row.state,
      })
  }
  const blocks = await blocksSince(db, uid, after)
  return {
    status: 'delta',
    epoch: stream.epoch,
    from: after,
    through: stream.seq,
    ...(user.version > after ? { user: publicUser(user) } : {}),
    joined,
    left,
    scheduled: await scheduledMarks(db, uid),
    ...(await draftsSince(db, uid, after)),
    ...(blocks ? { blocks } : {}),
  }
}

async function presentItem(
  db: Snapshot,
  { actor, settings }: Viewer,
  row: Readonly<MembershipsTable>,
): Promise<ChannelListItem | null> {
  const channel = await channelById(db, row.channel_id)
  if (!channel || channel.deleted_at !== null) return null
  return listItem(db, channel, { uid: actor.uid, epoch: settings.epoch })
}

type ResetReason = Extract<UserSync, { status: 'reset' }>['reason']

async function reset(
  db: Snapshot,
  viewer: Viewer,
  stream: StreamState,
  reason: ResetReason,
): Promise<UserSync> {
  const { uid } = viewer.actor
  const limit = LIMITS.resetChannels
  const any = { type: '', from: '', until: '', show: 'all', pinned: '' } as const
  const newest = { ...any, at: Number.MAX_SAFE_INTEGER, id: '0' }
  const rows = await channelsByActivity(db, { uid, ...newest, limit: limit + 1 })
  const { epoch } = viewer.settings
  const joined = await Promise.all(
    rows.slice(0, limit).map((row) => listItem(db, row, { uid, epoch })),
  )
  return {
    status: 'reset',
    epoch: stream.epoch,
    reason,
    through: stream.seq,
    user: publicUser(requiredUser(await userByUid(db, uid))),
    joined,
    hasMore: rows.length > limit,
    scheduled: await scheduledMarks(db, uid),
    ...(await newestDrafts(db, uid, 0)),
    blocks: await blocksOf(db, uid),
  }
}
