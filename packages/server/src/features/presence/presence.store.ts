import type { OwnPresence, PresenceChoice, PresenceStatus } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, Millis, PresenceTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

export type PresenceRow = Readonly<PresenceTable>

const byUid = statement<{ uid: BigId }>()((db, p) =>
  db.selectFrom('presence').selectAll().where('uid', '=', p.uid),
)

export const presenceRow = (db: Snapshot, uid: BigId): Promise<PresenceRow | undefined> =>
  byUid.first(db, { uid })

const save = statement<{
  uid: BigId
  choice: PresenceChoice
  text: string | null
  until: Millis | null
  shownText: string | null
  shownUntil: Millis | null
}>()((db, p) => {
  const chosen = {
    choice: p.choice,
    status_text: p.text,
    status_until: p.until,
    shown_text: p.shownText,
    shown_until: p.shownUntil,
  }
  return db
    .insertInto('presence')
    .values({ uid: p.uid, ...chosen, last_active_at: null })
    .onConflict((conflict) => conflict.column('uid').doUpdateSet(chosen))
})

/** While a user is invisible others see the status of before. */
export function saveChoice(
  tx: Changes,
  before: PresenceRow | undefined,
  { uid, choice, status }: OwnPresence & { readonly uid: BigId },
): void {
  const text = status?.text ?? null
  const until = status?.until ?? null
  const shown =
    choice === 'invisible'
      ? { shownText: before?.shown_text ?? null, shownUntil: before?.shown_until ?? null }
      : { shownText: text, shownUntil: until }
  save.put(tx, { uid, choice, text, until, ...shown })
}

const saveActivity = statement<{ uid: BigId; at: Millis }>()((db, p) =>
  db
    .insertInto('presence')
    .values({
      uid: p.uid,
      choice: 'online',
      status_text: null,
      status_until: null,
      shown_text: null,
      shown_until: null,
      last_active_at: p.at,
    })
    .onConflict((conflict) => conflict.column('uid').doUpdateSet({ last_active_at: p.at })),
)

export const saveLastActive = (tx: Changes, uid: BigId, at: Millis): void =>
  saveActivity.put(tx, { uid, at })

/** How a user wants to be seen, at a moment. */
export const ownPresence = (row: PresenceRow | undefined, now: Millis): OwnPresence => ({
  choice: choiceOf(row),
  status: row ? statusAt(row.status_text, row.status_until, now) : null,
})

const CHOICES: readonly string[] = ['online', 'away', 'invisible'] satisfies PresenceChoice[]

/** What cannot be read hides: somebody may have wanted that. */
export const choiceOf = (row: PresenceRow | undefined): PresenceChoice => {
  if (!row) return 'online'
  return CHOICES.includes(row.choice) ? row.choice : 'invisible'
}

export const statusAt = (
  text: string | null,
  until: Millis | null,
  now: Millis,
): PresenceStatus | null =>
  text === null || (until !== null && until <= now) ? null : { text, until }

/** Whether others must not notice what the user does. */
export const isInvisible = async (db: Snapshot, uid: BigId): Promise<boolean> =>
  choiceOf(await presenceRow(db, uid)) === 'invisible'
