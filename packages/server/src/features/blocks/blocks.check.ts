import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('block_lists')
    .leftJoin('streams', 'streams.id', 'block_lists.uid')
    .select(['block_lists.uid', 'block_lists.version', 'streams.seq as head'])
    .where('block_lists.uid', '>', p.uid)
    .orderBy('block_lists.uid')
    .limit(p.limit),
)

const lower = statement<{ uid: BigId; version: number }>()((db, p) =>
  db.updateTable('block_lists').set({ version: p.version }).where('uid', '=', p.uid),
)

interface Row {
  readonly uid: BigId
  readonly version: number
  readonly head: number | null
}

export const blockCheck: Check = {
  name: 'blocks',
  holds: 'No list of blocks is newer than the stream of its user.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { uid: after?.uid ?? '0', limit }),
    ))
      for (const { uid, version, head } of rows)
        if (version > (head ?? 0))
          yield {
            where: `user ${uid}`,
            what: `has a list of blocks of version ${version}, and the stream has only come to ${head ?? 0}`,
            repair: (changes) => lower.put(changes, { uid, version: head ?? 0 }),
          }
  },
}
