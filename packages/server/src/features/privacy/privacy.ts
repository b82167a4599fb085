import { getPrivacy, updatePrivacy } from '@tertulia/protocol'
import { type Handler, read, write } from '../../kernel/handlers.ts'
import { privacyOf, savePrivacy } from './privacy.store.ts'

const get = read(getPrivacy, async ({ actor, db }) => ({ privacy: await privacyOf(db, actor.uid) }))

const update = write(updatePrivacy, async ({ input, actor, tx }) => {
  await tx.lock(actor.uid)
  const before = await privacyOf(tx, actor.uid)
  const privacy = {
    typing: input.typing ?? before.typing,
    receipts: input.receipts ?? before.receipts,
  }
  savePrivacy(tx, actor.uid, privacy)
  return { privacy }
})

export const privacyHandlers: readonly Handler[] = [get, update]
