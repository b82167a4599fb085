import type { Engine } from '@tertulia/server'
import { type Life, never } from './life.ts'

export interface SlowEngineOptions {
  readonly life: Life
  /** The longest wait before and after each transaction, in ms. */
  readonly storeMs: number
  /** Something was committed. */
  readonly committed: () => void
}

/**
 * A store behind a network: transactions are what they are, but they begin late and their answers come late. A
 * process that is dying commits nothing any more.
 */
export const slowEngine = (
  engine: Engine,
  { life, storeMs, committed }: SlowEngineOptions,
): Engine => ({
  dialect: engine.dialect,
  serial: engine.serial,
  async read(job) {
    await life.pause(storeMs)
    if (life.vigour === 'dead') return never()
    const answer = await engine.read(job)
    await life.pause(storeMs)
    return answer
  },
  async write(job) {
    await life.pause(storeMs)
    if (life.vigour !== 'alive') return never()
    const answer = await engine.write(job)
    committed()
    await life.pause(storeMs)
    return answer
  },
  close: () => engine.close(),
})
