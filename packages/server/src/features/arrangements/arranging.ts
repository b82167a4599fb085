import { isDeepStrictEqual } from 'node:util'
import {
  type Arrangement,
  arrangeChannel,
  ChatError,
  channelArranged,
  type InputOf,
} from '@tertulia/protocol'
import { type Handler, write } from '../../kernel/handlers.ts'
import { openChannel } from '../access/index.ts'
import { arrangementOf, saveArrangement } from './arrangements.store.ts'

/** Under the lock of the own stream, so that two devices cannot undo each other. */
const arrange = write(
  arrangeChannel,
  async ({ input, actor, tx, announce, settings }) => {
    const { channelId } = input
    checkUntil(input.muted?.until, tx.now)
    const own = await tx.lock(actor.uid)
    const wish = { actor, channelId, action: 'channel.read', settings } as const
    const { channel, member } = await openChannel(tx, wish)
    if (!member) throw new ChatError('forbidden')
    const before = await arrangementOf(tx, actor.uid, channelId)
    const arrangement = chosen(before, input, { now: tx.now, ordinal: channel.ordinal })
    if (isDeepStrictEqual(before, arrangement)) return { arrangement }
    const slot = own.take()
    saveArrangement(tx, { uid: actor.uid, channelId, arrangement, version: slot.seq })
    announce(slot, channelArranged, { channelId, arrangement }, { by: actor.id })
    return { arrangement }
  },
  { lane: 'actor' },
)

/** What is not named stays; what is chosen again stays as old as it is. */
function chosen(
  before: Arrangement,
  { muted, pinned, hidden, archived }: InputOf<typeof arrangeChannel>,
  { now, ordinal }: { readonly now: number; readonly ordinal: number },
): Arrangement {
  const since = (wish: boolean | undefined, at: number | null) => {
    if (wish === undefined) return at
    return wish ? (at ?? now) : null
  }
  return {
    muted: muted === undefined ? before.muted : muted,
    pinnedAt: since(pinned, before.pinnedAt),
    hiddenUpTo: hidden === undefined ? before.hiddenUpTo : hidden ? ordinal : null,
    archivedAt: since(archived, before.archivedAt),
  }
}

function checkUntil(until: number | null | undefined, now: number): void {
  if (until === null || until === undefined || until > now) return
  const fields = [{ path: 'muted.until', message: 'must lie in the future' }]
  throw new ChatError('bad_request', { details: { fields } })
}

export const arrangementHandlers: readonly Handler[] = [arrange]
