import type { Sender } from '../client/sender.ts'
import type { ServerProcess } from '../server/process.ts'
import { pause } from '../waiting.ts'

/** Close to the longest text that the server takes. */
const BIG = 'x'.repeat(16 * 1024)
/** How many are under way at once; the end is looked for in between. */
const AT_ONCE = 30

export interface Flood {
  readonly sender: Sender
  readonly channel: string
}

/** Sends big messages until it is enough. */
export async function floodUntil(
  { sender, channel }: Flood,
  enough: (sent: number) => boolean | Promise<boolean>,
): Promise<void> {
  for (let sent = 0; !(await enough(sent)); sent += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => sent + index)
    await Promise.all(
      numbers.map((number) => sender.send(channel, `${sender.id} floods ${number} ${BIG}`)),
    )
  }
}

/** Collecting the garbage stops the server for some ten ms each time. */
const SAMPLE_MS = 500

/**
 * Watches what a server holds. `stop` tells by how many MiB its peak since `trouble` is above its peak before. Garbage
 * does not count: when it is collected moves the resident memory by tens of MiB.
 */
export function watchGrowth(process: ServerProcess): { trouble(): void; stop(): Promise<number> } {
  let calm = 0
  let peak = 0
  let isWatching = true
  const watched = (async () => {
    while (isWatching) {
      peak = Math.max(peak, await process.heldMib())
      await pause(SAMPLE_MS)
    }
  })()
  return {
    trouble() {
      calm = peak
      peak = 0
    },
    async stop() {
      isWatching = false
      await watched
      return Math.max(0, peak - calm)
    },
  }
}
