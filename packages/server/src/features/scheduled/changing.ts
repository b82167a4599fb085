import {
  ChatError,
  cancelScheduled,
  type InputOf,
  scheduledEnded,
  scheduledSaved,
  updateScheduled,
} from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import { write } from '../../kernel/handlers.ts'
import { recall } from '../../kernel/idempotency.ts'
import type { Announce, LockedStream, Tx } from '../../kernel/transaction.ts'
import { openChannel } from '../access/index.ts'
import { checkContent, type Sent, sentUnder } from '../messages/index.ts'
import { publicScheduled, wishOf } from './row.ts'
import {
  type Place,
  removeScheduled,
  type ScheduledRow,
  saveScheduled,
  scheduledAt,
} from './scheduled.store.ts'
import { checkSendAt, keyOf } from './scheduling.ts'
import { turnFor } from './turns.store.ts'

const CANCELLED = { reason: 'cancelled' } as const

export const update = write(
  updateScheduled,
  async ({ input, actor, tx, announce, settings }) => {
    const { channelId, clientId } = input
    const own = await tx.lock(actor.uid)
    const place = { uid: actor.uid, channelId, clientId }
    const row = await scheduledAt(tx, place)
    const sent = await sentUnder(tx, place)
    if (row && sent) return tooLate({ tx, own, actor, announce }, place, sent)
    if (!row) throw goneError(sent)
    if (input.ifVersion !== undefined && input.ifVersion !== row.version)
      throw new ChatError('scheduled.version_conflict', {
        details: { scheduled: publicScheduled(row) },
      })
    if (input.sendAt !== undefined) checkSendAt(input.sendAt, tx.now, settings.limits)
    const next = changed(row, input)
    const wish = { actor, channelId, action: 'message.send', settings } as const
    const access = await openChannel(tx, wish)
    await checkContent(tx, access, { input: wishOf(next), actor, authorUid: actor.uid, settings })
    if (isSame(row, next)) return { scheduled: publicScheduled(row) }

    // A failed one that gets no new time is not tried, and one whose time stays keeps its turn.
    const tryAt = input.sendAt === undefined ? row.try_at : await turnFor(tx, next)
    const slot = own.take()
    const saved = { ...next, try_at: tryAt, version: slot.seq }
    saveScheduled(tx, saved)
    const scheduled = publicScheduled(saved)
    announce(slot, scheduledSaved, { scheduled }, { by: actor.id })
    return { scheduled }
  },
  { lane: 'actor' },
)

/** The own words can be taken back wherever they were meant for, also by whoever may not go there any more. */
export const cancel = write(
  cancelScheduled,
  async ({ input, actor, tx, announce }) => {
    const { channelId, clientId } = input
    const own = await tx.lock(actor.uid)
    const place = { uid: actor.uid, channelId, clientId }
    const row = await scheduledAt(tx, place)
    const sent = await sentUnder(tx, place)
    if (row && sent) return tooLate({ tx, own, actor, announce }, place, sent)
    if (row) {
      removeScheduled(tx, place)
      announce(
        own.take(),
        scheduledEnded,
        { channelId, clientId, end: CANCELLED },
        { by: actor.id },
      )
      return {}
    }
    const error = goneError(sent)
    if (error.code === 'scheduled.not_found' && (await recall(tx, keyOf(place)))) return {}
    throw error
  },
  { lane: 'actor' },
)

/** Whoever comes too late hears that others see it now. */
const goneError = (sent: Sent | null): ChatError =>
  sent === null
    ? new ChatError('scheduled.not_found')
    : new ChatError('scheduled.sent', { details: { seq: sent.seq } })

interface Ending {
  readonly tx: Tx
  readonly own: LockedStream
  readonly announce: Announce
  readonly actor: UserActor
}

/** It was sent by hand under the same client id: it ends now, so that it is never sent a second time. */
function tooLate({ tx, own, actor, announce }: Ending, place: Place, sent: Sent): ChatError {
  const { channelId, clientId } = place
  const { seq, messageId } = sent
  removeScheduled(tx, place)
  const end = messageId === null ? CANCELLED : ({ reason: 'sent', messageId, seq } as const)
  announce(own.take(), scheduledEnded, { channelId, clientId, end }, { by: actor.id })
  return goneError(sent)
}

const NOT_FAILED = { failed_code: null, failed_details: null, failed_at: null } as const

/** In a change an absent field stays and `null` clears. A new text without new mentions has none. */
function changed(
  row: ScheduledRow,
  { sendAt, text, mentions, custom }: InputOf<typeof updateScheduled>,
): ScheduledRow {
  const keepMentions = mentions === undefined && (text === undefined || text === row.text)
  return {
    ...row,
    text: text ?? row.text,
    mentions: keepMentions ? row.mentions : JSON.stringify(mentions ?? []),
    custom: custom === undefined ? row.custom : JSON.stringify(custom ?? {}),
    ...(sendAt === undefined ? {} : { send_at: sendAt, ...NOT_FAILED }),
  }
}

const isSame = (row: ScheduledRow, next: ScheduledRow): boolean =>
  (['text', 'mentions', 'custom', 'send_at', 'failed_at'] as const).every(
    (column) => row[column] === next[column],
  )
