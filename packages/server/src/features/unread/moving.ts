import { ChatError, type Operation, type ReadState, unreadChanged } from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import type { WriteContext } from '../../kernel/handlers.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type Access, openChannel } from '../access/index.ts'
import { countedFrom, type Reading } from './readState.ts'
import { type ReadRow, readingOf, saveReading } from './unread.store.ts'

type Context = Pick<WriteContext<Operation>, 'tx' | 'announce' | 'settings'> & {
  readonly actor: UserActor
}

export interface Moved {
  readonly access: Access
  readonly read: ReadState
  /** Whether anything is other than before. */
  readonly changed: boolean
}

/**
 * Changes how far a member has read, under the lock of the member's own stream, and tells the member's devices. Refuses
 * whoever is not a member.
 */
export async function moveReading(
  { tx, announce, settings, actor }: Context,
  channelId: string,
  next: (tx: Tx, row: ReadRow, access: Access) => Promise<ReadRow>,
): Promise<Moved> {
  const own = await tx.lock(actor.uid)
  const access = await openChannel(tx, { actor, channelId, action: 'channel.read', settings })
  if (!access.member) throw new ChatError('forbidden')
  const { channel, visibleFrom } = access
  const row = (await readingOf(tx, actor.uid, channelId)) ?? { read_seq: 0, unread_from: null }
  const after = await next(tx, row, access)
  const reading: Reading = { uid: actor.uid, channelId, ordinal: channel.ordinal, visibleFrom }
  const read = await countedFrom(tx, reading, after)
  const changed = after.read_seq !== row.read_seq || after.unread_from !== row.unread_from
  if (changed) {
    const slot = own.take()
    saveReading(tx, {
      uid: actor.uid,
      channelId,
      readSeq: after.read_seq,
      unreadFrom: after.unread_from,
      version: slot.seq,
    })
    announce(slot, unreadChanged, { channelId, read }, { by: actor.id })
  }
  return { access, read, changed }
}
