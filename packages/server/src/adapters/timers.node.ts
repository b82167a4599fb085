import type { Timers } from '../ports/clock.ts'

export const systemTimers: Timers = {
  nextTurn: (run) => {
    setImmediate(run)
  },
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
}
