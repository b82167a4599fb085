import type { Privacy } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** Of whoever never said anything. */
const OPEN: Privacy = { typing: true, receipts: true }
/** What somebody chose cannot be read: better to show too little than what they wanted hidden. */
const CLOSED: Privacy = { typing: false, receipts: false }

const byUid = statement<{ uid: BigId }>()((db, p) =>
  db.selectFrom('privacy').select('choices').where('uid', '=', p.uid),
)

const save = statement<{ uid: BigId; choices: string }>()((db, p) =>
  db
    .insertInto('privacy')
    .values({ uid: p.uid, choices: p.choices })
    .onConflict((conflict) => conflict.column('uid').doUpdateSet({ choices: p.choices })),
)

/** What a user lets others see. */
export async function privacyOf(db: Snapshot, uid: BigId): Promise<Privacy> {
  return privacyFrom((await byUid.first(db, { uid }))?.choices ?? null)
}

/** What is stored as one text; null when nothing is. */
export const privacyFrom = (choices: string | null): Privacy =>
  choices === null ? OPEN : { ...OPEN, ...fromJson<Partial<Privacy>>(choices, CLOSED) }

export const savePrivacy = (tx: Changes, uid: BigId, privacy: Privacy): void =>
  save.put(tx, { uid, choices: JSON.stringify(privacy) })
