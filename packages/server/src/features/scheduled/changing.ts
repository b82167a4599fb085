import {
  ChatError,
  cancelScheduled,
  type InputOf,
  scheduledEnded,
  scheduledSaved,
  updateScheduled,
} from '@tertulia/protocol'
import { write } from '../../kernel/handlers.ts'
import { recall } from '../../kernel/idempotency.ts'
import type { Snapshot } from '../../store/engine.ts'
import { openChannel } from '../access/index.ts'
import { checkContent, sentUnder } from '../messages/index.ts'
import { publicScheduled, wishOf } from './row.ts'
import {
  type Place,
  removeScheduled,
  type ScheduledRow,
  saveScheduled,
  scheduledAt,
} from './scheduled.store.ts'
import { checkSendAt, keyOf } from './scheduling.ts'

export const update = write(
  updateScheduled,
  async ({ input, actor, tx, announce, settings }) => {
    const { channelId, clientId } = input
    const own = await tx.lock(actor.uid)
    const place = { uid: actor.uid, channelId, clientId }
    const row = await scheduledAt(tx, place)
    if (!row) throw await goneError(tx, place)
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

    const slot = own.take()
    const saved = { ...next, version: slot.seq }
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
    if (await scheduledAt(tx, place)) {
      removeScheduled(tx, place)
      const end = { reason: 'cancelled' } as const
      announce(own.take(), scheduledEnded, { channelId, clientId, end }, { by: actor.id })
      return {}
    }
    const error = await goneError(tx, place)
    if (error.code === 'scheduled.not_found' && (await recall(tx, keyOf(place)))) return {}
    throw error
  },
  { lane: 'actor' },
)

/** Whoever comes too late hears that others see it now. */
async function goneError(db: Snapshot, place: Place): Promise<ChatError> {
  const seq = await sentUnder(db, place)
  return seq === null
    ? new ChatError('scheduled.not_found')
    : new ChatError('scheduled.sent', { details: { seq } })
}

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
    ...(sendAt === undefined ? {} : { send_at: sendAt, failed_code: null, failed_at: null }),
  }
}

const isSame = (row: ScheduledRow, next: ScheduledRow): boolean =>
  (['text', 'mentions', 'custom', 'send_at', 'failed_at'] as const).every(
    (column) => row[column] === next[column],
  )
