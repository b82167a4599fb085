import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ uid: BigId; channelId: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('memberships')
    .innerJoin('channels', 'channels.id', 'memberships.channel_id')
    .select([
      'memberships.uid',
      'memberships.channel_id',
      'memberships.hidden_up_to',
      'channels.ordinal',
    ])
    .where((eb) =>
      eb.or([
        eb('memberships.uid', '>', p.uid),
        eb.and([eb('memberships.uid', '=', p.uid), eb('memberships.channel_id', '>', p.channelId)]),
      ]),
    )
    .orderBy('memberships.uid')
    .orderBy('memberships.channel_id')
    .limit(p.limit),
)

const lower = statement<{ uid: BigId; channelId: BigId; hiddenUpTo: number }>()((db, p) =>
  db
    .updateTable('memberships')
    .set({ hidden_up_to: p.hiddenUpTo })
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId),
)

interface Row {
  readonly uid: BigId
  readonly channel_id: BigId
  readonly hidden_up_to: number | null
  readonly ordinal: number
}

export const arrangementCheck: Check = {
  name: 'arrangements',
  holds: 'Every hidden channel comes back with the next message.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { uid: after?.uid ?? '0', channelId: after?.channel_id ?? '0', limit }),
    ))
      for (const { uid, channel_id: channelId, hidden_up_to, ordinal } of rows)
        if (hidden_up_to !== null && hidden_up_to > ordinal)
          yield {
            where: `channel ${channelId}, member ${uid}`,
            what: `is hidden up to message ${hidden_up_to}, and there were only ${ordinal} to read`,
            repair: (changes) => lower.put(changes, { uid, channelId, hiddenUpTo: ordinal }),
          }
  },
}
