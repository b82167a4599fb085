import type { Channel, SlowMode } from '@tertulia/protocol'
import { type RawBuilder, sql } from 'kysely'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import { changeRow, keepRow, readOnce } from '../../store/lockedRows.ts'
import type { BigId, ChannelsTable, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

export type ChannelRow = Readonly<ChannelsTable>

/** For statements that leave such channels out. */
export const DISABLED: RawBuilder<'disabled'> = sql.lit('disabled')

const byId = statement<{ id: BigId }>()((db, p) =>
  db.selectFrom('channels').selectAll().where('id', '=', p.id),
)

/** The channel, deleted or not. */
export const channelById = (db: Snapshot, id: BigId): Promise<ChannelRow | undefined> =>
  readOnce(db, placeOf(id), () => byId.first(db, { id }))

const placeOf = (id: BigId) => ({ stream: id, key: 'channel' })

/** Some columns were written by a statement of their own. */
export const noteChange = (tx: Changes, id: BigId, change: Partial<ChannelRow>): void =>
  changeRow<ChannelRow>(tx, placeOf(id), change)

const save = statement<{
  id: BigId
  key: string | null
  peopleKey: string | null
  name: string | null
  folded: string | null
  custom: string
  history: 'all' | 'sinceJoin'
  state: ChannelRow['state']
  slowSeconds: number | null
  slowBurst: number | null
  memberCount: number
  ownerCount: number
  version: number
  updatedAt: Millis
  floor: number
  deletedAt: Millis | null
}>()((db, p) =>
  db
    .updateTable('channels')
    .set({
      key: p.key,
      people_key: p.peopleKey,
      name: p.name,
      folded_name: p.folded,
      custom: p.custom,
      history: p.history,
      state: p.state,
      slow_seconds: p.slowSeconds,
      slow_burst: p.slowBurst,
      member_count: p.memberCount,
      owner_count: p.ownerCount,
      version: p.version,
      updated_at: p.updatedAt,
      floor: p.floor,
      deleted_at: p.deletedAt,
    })
    .where('id', '=', p.id),
)

/** Saves what may change of a channel. */
export function saveChannel(tx: Changes, row: ChannelRow): void {
  keepRow(tx, placeOf(row.id), row)
  save.put(tx, {
    id: row.id,
    key: row.key,
    peopleKey: row.people_key,
    name: row.name,
    folded: row.folded_name,
    custom: row.custom,
    history: row.history,
    state: row.state,
    slowSeconds: row.slow_seconds,
    slowBurst: row.slow_burst,
    memberCount: row.member_count,
    ownerCount: row.owner_count,
    version: row.version,
    updatedAt: row.updated_at,
    floor: row.floor,
    deletedAt: row.deleted_at,
  })
}

export const slowModeOf = ({ slow_seconds, slow_burst }: ChannelRow): SlowMode | null =>
  slow_seconds === null || slow_burst === null ? null : { seconds: slow_seconds, burst: slow_burst }

export const publicChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  type: row.type,
  key: row.key,
  name: row.name,
  custom: fromJson(row.custom, {}),
  history: row.history,
  state: row.state,
  slowMode: slowModeOf(row),
  people: fromJson<string[]>(row.people, []),
  memberCount: row.member_count,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastMessageAt: row.last_message_at,
  floor: row.floor,
})
