import { ChatError, getPresence, setPresence } from '@tertulia/protocol'
import { type Handler, read, write } from '../../kernel/handlers.ts'
import { choiceNotice, PRESENCE } from './notices.ts'
import { ownPresence, presenceRow, saveChoice } from './presence.store.ts'

const get = read(getPresence, async ({ actor, db, now }) => ({
  presence: ownPresence(await presenceRow(db, actor.uid), now),
}))

const set = write(setPresence, async ({ input, actor, tx }) => {
  const { uid } = actor
  checkUntil(input.status?.until, tx.now)
  await tx.lock(uid)
  const row = await presenceRow(tx, uid)
  const before = ownPresence(row, tx.now)
  const presence = {
    choice: input.choice ?? before.choice,
    status: input.status === undefined ? before.status : input.status,
  }
  saveChoice(tx, row, { uid, ...presence })
  tx.pass({ to: PRESENCE, about: uid, data: choiceNotice(uid, presence.choice) })
  return { presence }
})

function checkUntil(until: number | null | undefined, now: number): void {
  if (until === null || until === undefined || until > now) return
  const fields = [{ path: 'status.until', message: 'must lie in the future' }]
  throw new ChatError('bad_request', { details: { fields } })
}

export const presenceHandlers: readonly Handler[] = [get, set]
