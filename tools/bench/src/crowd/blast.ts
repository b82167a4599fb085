import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Crowd } from './crowd.ts'
import { openTrigger, type TriggerWish } from './triggers.ts'

export interface BlastWish {
  readonly port: number
  readonly trigger: TriggerWish
  readonly members: number
  /** Messages in one go; the next go begins when every member has them all, and not before its time. */
  readonly burst: number
  /** The rhythm: us from one go to the next, for each of its deliveries. */
  readonly usPerDelivery: number
  /** The window ends when both are over: the time, and so many deliveries. */
  readonly ms: number
  readonly deliveries: number
}

export interface BlastTold {
  readonly deliveries: number
  readonly seconds: number
  /** ms of each go, from the trigger to the last member. */
  readonly goes: readonly number[]
}

/** Members of one room get messages, one go after another, for some time. */
export async function blast(
  crowd: Crowd,
  { port, trigger, members, burst, usPerDelivery, ms, deliveries }: BlastWish,
): Promise<BlastTold> {
  const source = await openTrigger(crowd, trigger, { port, user: members })
  const begun = performance.now()
  const goes: number[] = []
  while (performance.now() - begun < ms || goes.length * members * burst < deliveries) {
    const goBegun = performance.now()
    let pulled: Promise<void> = Promise.resolve()
    await crowd.until(members * burst, () => {
      pulled = source.pull(burst)
      pulled.catch(() => {})
    })
    await pulled
    goes.push(performance.now() - goBegun)
    const next = goBegun + (members * burst * usPerDelivery) / 1000
    if (performance.now() < next) await sleep(next - performance.now())
  }
  source.leave()
  crowd.check()
  return {
    deliveries: goes.length * members * burst,
    seconds: (performance.now() - begun) / 1000,
    goes,
  }
}
