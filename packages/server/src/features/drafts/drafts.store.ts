import type { Draft, Mention } from '@tertulia/protocol'
import type { Kysely } from 'kysely'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { DraftsTable } from '../../store/ownSchema.ts'
import type { BigId, Millis, Schema } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

export type DraftRow = Readonly<DraftsTable>

/** In place of the root, for what is written in the channel itself. */
export const NO_ROOT = '0'

export interface Place {
  readonly uid: BigId
  readonly channelId: BigId
  readonly rootId: BigId
}

const byPlace = statement<{ uid: BigId; channelId: BigId; rootId: BigId }>()((db, p) =>
  db
    .selectFrom('drafts')
    .selectAll()
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('root_id', '=', p.rootId),
)

/** The draft, or what is left of a deleted one. */
export const draftAt = (db: Snapshot, place: Place): Promise<DraftRow | undefined> =>
  byPlace.first(db, { ...place })

const save = statement<{
  uid: BigId
  channelId: BigId
  rootId: BigId
  version: number
  updatedAt: Millis
  text: string | null
  mentions: string
  quotedId: BigId | null
  alsoInChannel: number
  custom: string
}>()((db, p) =>
  db
    .insertInto('drafts')
    .values({
      uid: p.uid,
      channel_id: p.channelId,
      root_id: p.rootId,
      version: p.version,
      updated_at: p.updatedAt,
      text: p.text,
      mentions: p.mentions,
      quoted_id: p.quotedId,
      also_in_channel: p.alsoInChannel,
      custom: p.custom,
    })
    .onConflict((conflict) =>
      conflict.columns(['uid', 'channel_id', 'root_id']).doUpdateSet((eb) => ({
        version: eb.ref('excluded.version'),
        updated_at: eb.ref('excluded.updated_at'),
        text: eb.ref('excluded.text'),
        mentions: eb.ref('excluded.mentions'),
        quoted_id: eb.ref('excluded.quoted_id'),
        also_in_channel: eb.ref('excluded.also_in_channel'),
        custom: eb.ref('excluded.custom'),
      })),
    ),
)

export const putDraft = (tx: Changes, row: DraftRow): void =>
  save.put(tx, {
    uid: row.uid,
    channelId: row.channel_id,
    rootId: row.root_id,
    version: row.version,
    updatedAt: row.updated_at,
    text: row.text,
    mentions: row.mentions,
    quotedId: row.quoted_id,
    alsoInChannel: row.also_in_channel,
    custom: row.custom,
  })

const count = statement<{ uid: BigId }>()((db, p) =>
  db
    .selectFrom('drafts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uid', '=', p.uid)
    .where('text', 'is not', null),
)

export const draftCount = async (db: Snapshot, uid: BigId): Promise<number> =>
  (await count.first(db, { uid }))?.count ?? 0

/** Only in channels that the user is in now. */
const visible = (db: Kysely<Schema>) =>
  db
    .selectFrom('drafts')
    .innerJoin('memberships', (join) =>
      join
        .onRef('memberships.uid', '=', 'drafts.uid')
        .onRef('memberships.channel_id', '=', 'drafts.channel_id'),
    )
    .innerJoin('channels', 'channels.id', 'drafts.channel_id')
    .selectAll('drafts')
    .where('drafts.text', 'is not', null)
    .where('memberships.state', '=', 'joined')
    .where('channels.deleted_at', 'is', null)

const page = statement<{ uid: BigId; above: number; below: number; limit: number }>()((db, p) =>
  visible(db)
    .where('drafts.uid', '=', p.uid)
    .where('drafts.version', '>', p.above)
    .where('drafts.version', '<', p.below)
    .orderBy('drafts.version', 'desc')
    .limit(p.limit),
)
const pageOfChannel = statement<{
  uid: BigId
  channelId: BigId
  above: number
  below: number
  limit: number
}>()((db, p) =>
  visible(db)
    .where('drafts.uid', '=', p.uid)
    .where('drafts.channel_id', '=', p.channelId)
    .where('drafts.version', '>', p.above)
    .where('drafts.version', '<', p.below)
    .orderBy('drafts.version', 'desc')
    .limit(p.limit),
)

export interface DraftsPage {
  readonly uid: BigId
  /** In one channel alone. */
  readonly channelId?: BigId | undefined
  /** Versions. */
  readonly above: number
  readonly below: number
  readonly limit: number
}

/** The drafts that a user may see, the one that changed last first. */
export const draftsBetween = (
  db: Snapshot,
  { channelId, ...range }: DraftsPage,
): Promise<DraftRow[]> =>
  channelId === undefined ? page.all(db, range) : pageOfChannel.all(db, { ...range, channelId })

/** What its user sees of a draft. */
export const publicDraft = (row: DraftRow): Draft => ({
  ...publicPlace(row),
  text: row.text ?? '',
  mentions: fromJson<(Mention | null)[]>(row.mentions, []).filter(
    (mention): mention is Mention => typeof mention?.kind === 'string',
  ),
  ...(row.quoted_id === null ? {} : { quotedId: row.quoted_id }),
  ...(row.also_in_channel ? { alsoInChannel: true as const } : {}),
  custom: fromJson(row.custom, {}),
  updatedAt: row.updated_at,
})

/** Where a draft is, or was, and when that changed. */
export const publicPlace = ({
  channel_id,
  root_id,
  version,
}: Pick<DraftRow, 'channel_id' | 'root_id' | 'version'>) => ({
  channelId: channel_id,
  ...(root_id === NO_ROOT ? {} : { threadRootId: root_id }),
  version,
})
