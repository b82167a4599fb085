import { readMetric } from '../scene/metrics.ts'
import { evenSeats, openScene } from '../scene/scene.ts'
import { pause } from '../waiting.ts'
import { type Report, unless } from './report.ts'
import { judge } from './summary.ts'

export interface SlowDiskOptions {
  readonly seed: number
  readonly flushMs: number
  readonly ms: number
  readonly longestLoopMs: number
}

/** In a test beside others the loop may wait for them too: there only a loop that starves is a fault. */
export const slowDisk = {
  short: { flushMs: 10, ms: 4_000, longestLoopMs: 200 },
  /** Decision D2: below 50 ms. */
  long: { flushMs: 10, ms: 60_000, longestLoopMs: 50 },
}

/** Senders that never pause, so that a commit follows a commit. */
const PEOPLE = { people: 40, channels: 50, seats: evenSeats(50, 5) }

/** On a disk whose flushes take 10 ms longer: the loop still turns, and batches keep the sends flowing. */
export async function runSlowDisk({
  seed,
  flushMs,
  ms,
  longestLoopMs,
}: SlowDiskOptions): Promise<Report> {
  await using scene = await openScene({
    ...PEOPLE,
    seed,
    server: { kind: 'slow disk', flushMs, broken: null },
  })
  await scene.connect()
  let isOver = false
  const talk = scene.senders.map(async (sender, index) => {
    while (!isOver) await sender.send(scene.chance.pick(scene.channelsOf(index)))
  })
  await pause(ms / 4)
  await readMetric(scene.port, 'loop_delay_ms')
  await pause((3 * ms) / 4)
  const loopMs = await readMetric(scene.port, 'loop_delay_ms')
  isOver = true
  await Promise.all(talk)
  const { violations, figures } = await judge(scene)
  return {
    fault: 'slow disk',
    figures: { ...figures, loopMs },
    violations: [
      ...violations,
      ...unless(loopMs < longestLoopMs, `the loop kept everybody waiting for ${loopMs} ms`),
      ...unless(
        loopMs >= flushMs / 2,
        `the loop never waited: the disk was not slow (${loopMs} ms)`,
      ),
    ],
  }
}
