import {
  ChatError,
  createScheduled,
  type InputOf,
  type Limits,
  scheduledSaved,
} from '@tertulia/protocol'
import { write } from '../../kernel/handlers.ts'
import { bodyHash, type Key, recall, remember } from '../../kernel/idempotency.ts'
import { openChannel } from '../access/index.ts'
import { checkContent, sentUnder } from '../messages/index.ts'
import { publicScheduled, rowOf } from './row.ts'
import { insertScheduled, type Place, scheduledAt, scheduledMarksOf } from './scheduled.store.ts'
import { turnFor } from './turns.store.ts'

/** Under the lock of the own stream: it keeps two devices, and the send itself, apart. */
export const create = write(
  createScheduled,
  async ({ input, actor, tx, announce, settings }) => {
    const { channelId, clientId } = input
    const { uid } = actor
    const own = await tx.lock(uid)
    const place = { uid, channelId, clientId }
    const hash = bodyHash(input)
    const known = await recall(tx, keyOf(place))
    const before = await scheduledAt(tx, place)
    if (known && known.bodyHash !== hash) throw new ChatError('message.client_id_reused')
    if (known || before)
      return { scheduled: before ? publicScheduled(before) : null, duplicate: true }
    if ((await sentUnder(tx, place)) !== null) throw new ChatError('message.client_id_reused')

    checkSendAt(input.sendAt, tx.now, settings.limits)
    const wish = { actor, channelId, action: 'message.send', settings } as const
    await checkContent(tx, await openChannel(tx, wish), {
      input,
      actor,
      authorUid: actor.uid,
      settings,
    })
    const most = settings.limits.scheduledPerUser
    if ((await scheduledMarksOf(tx, uid, most)).length >= most)
      throw new ChatError('scheduled.limit', { details: { limit: 'scheduledPerUser' } })

    const ids = { uid, channel_id: channelId, client_id: clientId, send_at: input.sendAt }
    const tryAt = await turnFor(tx, ids)
    const slot = own.take()
    const row = rowOf({ input, uid, version: slot.seq, tryAt, now: tx.now })
    insertScheduled(tx, row)
    remember(tx, keyOf(place), { bodyHash: hash, target: channelId })
    const scheduled = publicScheduled(row)
    announce(slot, scheduledSaved, { scheduled }, { by: actor.id })
    return { scheduled, duplicate: false }
  },
  { lane: 'actor' },
)

/** Beside the key of the send itself, which is under the same client id. */
export const keyOf = ({ uid, channelId, clientId }: Place): Key => ({
  scope: channelId,
  actor: `scheduled ${uid}`,
  clientId,
})

/** Refuses a time that is too near or too far. */
export function checkSendAt(
  sendAt: InputOf<typeof createScheduled>['sendAt'],
  now: number,
  { scheduledLeastMs, scheduledMostMs }: Limits,
): void {
  const ahead = sendAt - now
  if (ahead >= scheduledLeastMs && ahead <= scheduledMostMs) return
  const fields = [{ path: 'sendAt', message: 'must lie between a second and a year ahead' }]
  throw new ChatError('bad_request', { details: { fields } })
}
