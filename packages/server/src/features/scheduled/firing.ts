import {
  ChatError,
  type Message,
  scheduledEnded,
  scheduledSaved,
  sendMessage,
} from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import { parse } from '../../kernel/operations.ts'
import type { Chore, SweeperOptions } from '../../kernel/sweeper.ts'
import type { Transaction, Tx } from '../../kernel/transaction.ts'
import { unavailableBy } from '../../kernel/unavailable.ts'
import { type Ahead, causeOf } from '../../kernel/writeQueue.ts'
import type { Snapshot } from '../../store/engine.ts'
import { sendOne } from '../messages/index.ts'
import { userByUid } from '../users/index.ts'
import { dueBy } from './pages.store.ts'
import { publicScheduled, wishOf } from './row.ts'
import {
  placeOf,
  removeScheduled,
  type ScheduledRow,
  saveScheduled,
  scheduledAt,
} from './scheduled.store.ts'
import { holdUntil } from './turns.store.ts'

/** Sends what has come due, the oldest first: those of one channel in that order, those of several side by side. */
export const sendDue: Chore = async (sweep) => {
  const { engine, clock, limits } = sweep
  const most = limits.scheduledAtOnce
  const rows = await engine.read((db) => dueBy(db, clock.now(), most))
  const settled = await Promise.all(rows.map((row) => settle(sweep, row)))
  // What has to wait for the store is asked for again in the next round, not at once.
  return rows.length === most && settled.every(Boolean)
}

/** Resolves whether it is out of the way: sent, taken back meanwhile, or failed. */
async function settle(sweep: SweeperOptions, row: ScheduledRow): Promise<boolean> {
  try {
    await fire(sweep, row)
    return true
  } catch (error) {
    const cause = causeOf(error)
    if (isStore(cause)) return false
    return fail(sweep, row, cause)
  }
}

const isStore = (cause: unknown): boolean =>
  unavailableBy(cause) !== null || (cause instanceof ChatError && cause.code === 'unavailable')

/** The send and the end of the wish are one commit, so whatever dies in between, it is sent once. */
const fire = ({ queue, settings }: SweeperOptions, due: ScheduledRow): Promise<void> =>
  queue.submit(placingOf(due), async (tx) => {
    await tx.tryLock(due.channel_id)
    const own = await tx.lock(due.uid)
    const row = await scheduledAt(tx, placeOf(due))
    if (!row || !isDue(row, tx.now)) return
    const actor = await authorOf(tx, row.uid)
    const input = parse(sendMessage.input, wishOf(row))
    const sending = { input, actor, tx, announce: tx.announce, settings }
    const message = await sendOrWait(sending, (ms) => holdUntil(tx, row, tx.now + ms))
    if (!message) return
    removeScheduled(tx, placeOf(row))
    const end = { reason: 'sent', messageId: message.id, seq: message.seq } as const
    const { channelId, clientId } = input
    tx.announce(own.take(), scheduledEnded, { channelId, clientId, end }, { by: actor.id })
  })

/**
 * Where time alone is missing, as in slow mode, it waits that long. Nothing was written before that refusal, so this
 * transaction can go on: whoever comes next under the lock finds the order as it is to be.
 */
async function sendOrWait(
  sending: Parameters<typeof sendOne>[0],
  wait: (ms: number) => void,
): Promise<Message | null> {
  try {
    return (await sendOne(sending)).message
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'channel.slow_mode') throw error
    wait(Math.max(error.retryAfterMs ?? 0, sending.settings.limits.scheduledLeastMs))
    return null
  }
}

const placingOf = (due: ScheduledRow) => ({
  lane: due.channel_id,
  bytes: due.text.length + due.custom.length,
  ahead: { read: lockAhead as Ahead['read'], wish: due },
})

/** Several authors of one channel: their streams in the order in which everybody locks them. */
async function lockAhead(tx: Tx, rows: readonly ScheduledRow[]): Promise<void> {
  for (const channelId of new Set(rows.map((row) => row.channel_id))) await tx.tryLock(channelId)
  for (const uid of sortedUids(rows)) await tx.tryLock(uid)
}

const sortedUids = (rows: readonly ScheduledRow[]): string[] =>
  [...new Set(rows.map((row) => row.uid))].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))

const isDue = (row: ScheduledRow, now: number): boolean =>
  row.failed_at === null && row.try_at <= now

/** A door would not have let them in. */
async function authorOf(db: Snapshot, uid: string): Promise<UserActor> {
  const user = await userByUid(db, uid)
  if (!user || user.deactivated_at !== null) throw new ChatError('user.deactivated')
  return { kind: 'user', uid, id: user.id }
}

/** Whatever cannot be sent is set aside, so that it holds nothing else back, and its author hears why. */
async function fail(sweep: SweeperOptions, due: ScheduledRow, cause: unknown): Promise<boolean> {
  const { queue, log } = sweep
  const error = cause instanceof ChatError ? cause : new ChatError('internal', { cause })
  if (error.code === 'internal')
    log.error({ channelId: due.channel_id, uid: due.uid, err: cause }, 'scheduled send failed')
  try {
    await queue.submit({ lane: due.uid }, (tx) => setAside(tx, due, error))
    return true
  } catch (error) {
    if (!isStore(causeOf(error)))
      log.error({ channelId: due.channel_id, uid: due.uid, err: error }, 'scheduled send stuck')
    return false
  }
}

async function setAside(
  tx: Transaction,
  due: ScheduledRow,
  { code, details }: ChatError,
): Promise<void> {
  const own = await tx.tryLock(due.uid)
  const row = await scheduledAt(tx, placeOf(due))
  if (row?.version !== due.version) return
  const failed: ScheduledRow = {
    ...row,
    failed_code: code,
    failed_details: details ? JSON.stringify(details) : null,
    failed_at: tx.now,
  }
  // Nobody can be told in a stream that is damaged.
  if (!own) return saveScheduled(tx, failed)
  const slot = own.take()
  const told = { ...failed, version: slot.seq }
  saveScheduled(tx, told)
  tx.announce(slot, scheduledSaved, { scheduled: publicScheduled(told) }, { by: null })
}
