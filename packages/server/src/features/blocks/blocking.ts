import {
  blockUser,
  ChatError,
  listBlocks,
  unblockUser,
  userBlocked,
  userUnblocked,
} from '@tertulia/protocol'
import { nameOf, type UserActor } from '../../kernel/actor.ts'
import { type Handler, read, type Settings, write } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { maySeeUser, requiredUser, type UserRow, userById } from '../users/index.ts'
import {
  blockingOf,
  countBlocks,
  dropBlock,
  pageOfBlocks,
  publicBlock,
  saveBlock,
} from './blocks.store.ts'
import { directOf, haveMet } from './pairs.store.ts'

/**
 * Locks the direct channel of the two first: what is being said there is stored before the block or refused, and never
 * comes after the answer.
 */
const block = write(
  blockUser,
  async ({ input, actor, tx, announce, settings }) => {
    const { userId, mode } = input
    if (userId === actor.id) throw notOneself()
    const other = await knownUser(tx, userId, { actor, settings })
    const direct = await directOf(tx, actor.uid, other.uid)
    if (direct !== null) await tx.tryLock(direct)
    const own = await tx.lock(actor.uid)
    const before = await blockingOf(tx, actor.uid, other.uid)
    if (!before && (await countBlocks(tx, actor.uid)) >= settings.limits.blocksPerUser)
      throw new ChatError('block.limit', { details: { limit: settings.limits.blocksPerUser } })
    const at = before?.at ?? tx.now
    const answer = { block: { userId, mode, blockedAt: at } }
    if (before?.mode === mode) return answer
    const slot = own.take()
    saveBlock(tx, { uid: actor.uid, other: other.uid, version: slot.seq }, { mode, at })
    announce(slot, userBlocked, answer, { by: actor.id })
    return answer
  },
  { lane: 'actor' },
)

const unblock = write(
  unblockUser,
  async ({ input, actor, tx, announce }) => {
    const { userId } = input
    const own = await tx.lock(actor.uid)
    const other = await userById(tx, userId)
    // Whether there is such a user is nobody's business: the answer is the same.
    if (!other || !(await blockingOf(tx, actor.uid, other.uid))) return {}
    const slot = own.take()
    dropBlock(tx, { uid: actor.uid, other: other.uid, version: slot.seq })
    announce(slot, userUnblocked, { userId }, { by: actor.id })
    return {}
  },
  { lane: 'actor' },
)

const list = read(listBlocks, async ({ input, actor, db, settings }) => {
  const question = { operation: listBlocks.name, actor: nameOf(actor), filter: {} }
  const [at, other] = input.cursor
    ? settings.cursors.read(question, input.cursor)
    : [Number.MAX_SAFE_INTEGER, '0']
  const from = { uid: actor.uid, at: Number(at), other: String(other), limit: input.limit + 1 }
  const rows = await pageOfBlocks(db, from)
  const page = rows.slice(0, input.limit)
  const last = rows.length > input.limit ? page.at(-1) : undefined
  return {
    blocks: page.map(publicBlock),
    next: last ? settings.cursors.write(question, [last.blocked_at, last.blocked_uid]) : null,
  }
})

interface Asking {
  readonly actor: UserActor
  readonly settings: Settings
}

/** Somebody whom the user sees, met, or blocks already. Everybody else is nobody. */
async function knownUser(
  db: Snapshot,
  userId: string,
  { actor, settings }: Asking,
): Promise<UserRow> {
  const row = requiredUser(await userById(db, userId))
  const isKnown =
    (await maySeeUser(db, actor, row, settings)) ||
    (await haveMet(db, actor.uid, row.uid)) ||
    (await blockingOf(db, actor.uid, row.uid)) !== null
  if (!isKnown) throw new ChatError('user.not_found')
  return row
}

function notOneself(): ChatError {
  const fields = [{ path: 'userId', message: 'must be somebody else' }]
  return new ChatError('bad_request', { details: { fields } })
}

export const blockHandlers: readonly Handler[] = [block, unblock, list]
