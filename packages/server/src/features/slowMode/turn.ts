import { ChatError } from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Settings } from '../../kernel/handlers.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type Access, allows, slowModeOf } from '../access/index.ts'
import { spend, waitMs } from './pace.ts'
import { saveSpent, spentBy } from './slowMode.store.ts'

/** When somebody may send the next message. */
export interface Turn {
  readonly nextInMs: number
  /** Uses it up for one message, and says when the one after that may come. Refuses when it is too early. */
  take(): number
}

const ALWAYS: Turn = { nextInMs: 0, take: () => 0 }

interface Sending {
  readonly actor: Actor
  readonly settings: Settings
}

/** Whose turn it is, under the lock of the channel. Where there is no slow mode, nothing is read for it. */
export async function turnOf(tx: Tx, access: Access, { actor, settings }: Sending): Promise<Turn> {
  const mode = slowModeOf(access.channel)
  if (!mode || actor.kind === 'server') return ALWAYS
  if (allows(access, { actor, settings }, 'message.sendFast')) return ALWAYS
  const sender = { channelId: access.channel.id, uid: actor.uid }
  const spent = await spentBy(tx, sender)
  const moment = { now: tx.now, clocksMs: settings.limits.slowClocksMs }
  const nextInMs = waitMs(mode, spent, moment)
  return {
    nextInMs,
    take() {
      if (nextInMs > 0)
        throw new ChatError('channel.slow_mode', { retryAfterMs: nextInMs, details: { ...mode } })
      const next = spend(mode, spent, moment)
      saveSpent(tx, sender, next)
      return waitMs(mode, next, moment)
    },
  }
}
