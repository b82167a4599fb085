import type { Changes } from '../../store/engine.ts'
import type { ChannelRow } from '../access/index.ts'
import { pinOn, removePin } from './pins.store.ts'

/** A message became a tombstone: its pin goes with it. The event of the deletion tells both. */
export async function dropPinOn(
  tx: Changes,
  channel: ChannelRow,
  { seq, version }: { readonly seq: number; readonly version: number },
): Promise<void> {
  // Where nothing ever was pinned, a deletion costs nothing more.
  if (channel.pins_version === 0) return
  const pin = await pinOn(tx, channel.id, seq)
  if (pin) removePin(tx, pin, version)
}
