import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 5
const MS = 1e6

export interface LoopDelay {
  /** The delay in ms that 99 of 100 looks stayed below since the last call. */
  takeP99(): number
  stop(): void
}

/** How long the loop keeps everybody waiting. */
export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  return {
    takeP99() {
      const value = Math.max(0, histogram.percentile(99) / MS - RESOLUTION_MS)
      histogram.reset()
      return Math.round(value * 10) / 10
    },
    stop: () => void histogram.disable(),
  }
}
