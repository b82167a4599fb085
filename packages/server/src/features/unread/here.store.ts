import { sql } from 'kysely'
import type { Snapshot } from '../../store/engine.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** No user has it. */
const NOBODY = '0'

const among = statement<{ channelId: BigId; author: BigId; uids: string }>()((db, p, dialect) => {
  const some =
    dialect === 'postgres'
      ? sql<boolean>`members.uid = any(string_to_array(${p.uids}, ',')::bigint[])`
      : sql<boolean>`members.uid in (select value from json_each('[' || ${p.uids} || ']'))`
  return db
    .selectFrom('members')
    .select('members.uid')
    .where('members.channel_id', '=', p.channelId)
    .where('members.state', '=', 'joined')
    .where('members.uid', '!=', p.author)
    .where(some)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('blocks')
            .select('blocks.uid')
            .whereRef('blocks.uid', '=', 'members.uid')
            .where('blocks.blocked_uid', '=', p.author),
        ),
      ),
    )
    .orderBy('members.uid')
})

export interface Among {
  readonly channelId: BigId
  readonly authorUid: BigId | null
  readonly uids: readonly BigId[]
}

/** Which of some users are members and would hear of a mention: neither the author, nor whoever blocks the author. */
export async function hearingAmong(
  db: Snapshot,
  { channelId, authorUid, uids }: Among,
): Promise<BigId[]> {
  if (uids.length === 0) return []
  const wanted = { channelId, author: authorUid ?? NOBODY, uids: uids.join(',') }
  return (await among.all(db, wanted)).map(({ uid }) => uid)
}
