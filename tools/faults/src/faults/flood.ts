import type { Sender } from '../client/sender.ts'
import type { ServerProcess } from '../server/process.ts'

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

const SAMPLE_MS = 100

/**
 * Watches the memory of a server. `stop` tells by how many MiB its peak since `trouble` is above its peak before:
 * peak against peak, because the moment at which the garbage is collected moves the memory by tens of MiB.
 */
export function watchGrowth(process: ServerProcess): { trouble(): void; stop(): number } {
  let calm = 0
  let peak = process.rss()
  const timer = setInterval(() => {
    peak = Math.max(peak, process.rss())
  }, SAMPLE_MS)
  return {
    trouble() {
      calm = peak
      peak = process.rss()
    },
    stop() {
      clearInterval(timer)
      return Math.max(0, peak - calm)
    },
  }
}
