import { LIMITS, type Pin } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { pinsBelow, publicPin } from './pins.store.ts'

/** All pins of messages that somebody sees, the latest first. */
export async function visiblePins(
  db: Snapshot,
  at: { readonly channelId: string; readonly visibleFrom: number },
): Promise<Pin[]> {
  const all = { below: Number.MAX_SAFE_INTEGER, limit: LIMITS.pinsPerChannel }
  return (await pinsBelow(db, { ...at, ...all })).map(publicPin)
}
