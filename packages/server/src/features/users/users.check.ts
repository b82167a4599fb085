import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import { isReadable } from '../../store/json.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('users')
    .leftJoin('streams', 'streams.id', 'users.uid')
    .select(['users.uid', 'users.version', 'streams.seq as head', 'streams.owner as owner'])
    .select(['users.name', 'users.custom', 'users.private_custom'])
    .where('users.uid', '>', p.uid)
    .orderBy('users.uid')
    .limit(p.limit),
)

type Row = Awaited<ReturnType<typeof page.all>>[number]

export const userCheck: Check = {
  name: 'users',
  holds: 'Every user has a readable profile and a stream that has come as far as it.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { uid: after?.uid ?? '0', limit }),
    ))
      for (const row of rows) yield* findingsOf(row)
  },
}

function* findingsOf({ uid, version, head, owner, ...profile }: Row): Generator<Finding> {
  const finding = (what: string): Finding => ({ where: `user ${uid}`, what, repair: null })
  if (head === null || owner !== 'user') yield finding('has no stream')
  else if (version > head)
    yield finding(`has the version ${version}, and the stream has only come to ${head}`)
  if (profile.name === '') yield finding('has an empty name')
  if (!isReadable(profile.custom, {})) yield finding('has custom fields that cannot be read')
  if (!isReadable(profile.private_custom, {}))
    yield finding('has private custom fields that cannot be read')
}
