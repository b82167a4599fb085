import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('users')
    .leftJoin('streams', 'streams.id', 'users.uid')
    .select(['users.uid', 'users.version', 'streams.seq as head', 'streams.owner as owner'])
    .where('users.uid', '>', p.uid)
    .orderBy('users.uid')
    .limit(p.limit),
)

export const userCheck: Check = {
  name: 'users',
  holds: 'Every user has a stream of their own, which has come as far as the profile.',
  async *run(look) {
    for await (const rows of slices<Awaited<ReturnType<typeof page.all>>[number]>(
      look,
      (db, after, limit) => page.all(db, { uid: after?.uid ?? '0', limit }),
    ))
      for (const { uid, version, head, owner } of rows) {
        const where = `user ${uid}`
        if (head === null || owner !== 'user') yield { where, what: 'has no stream', repair: null }
        else if (version > head)
          yield {
            where,
            what: `has the version ${version}, and the stream has only come to ${head}`,
            repair: null,
          }
      }
  },
}
