import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Busy share of all cores above which somebody else is at work here. */
const BUSY = 0.12
const SAMPLE_MS = 1500

/** Waits until the machine is idle, for at most so long: a figure measured beside other work is a worse one. */
export function quietWithin(patienceMs: number): () => Promise<void> {
  let left = patienceMs
  return async () => {
    for (; left > 0; left -= SAMPLE_MS) {
      const before = busyTicks()
      if (before === null) return
      await sleep(SAMPLE_MS)
      const busy = (Number(busyTicks()) - before) / TICKS_PER_MS / SAMPLE_MS / cpus().length
      if (busy < BUSY) return
    }
    if (patienceMs > 0) console.error('The machine was never idle: measured beside other work.')
  }
}

/** `USER_HZ` of every Linux that Node runs on. */
const TICKS_PER_MS = 0.1

/** Ticks that all cores together have worked since the start of the machine; null where it does not tell. */
function busyTicks(): number | null {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1)
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .split(/\s+/)
      .slice(1)
      .map(Number)
    return user + nice + system + irq + softirq + steal
  } catch {
    return null
  }
}
