import { setTimeout as sleep } from 'node:timers/promises'

/** Monotonic ms: one clock for all clients of a run. */
export const now = (): number => performance.now()

export const pause = (ms: number): Promise<void> => sleep(ms)

export interface Until {
  readonly withinMs: number
  /** Ends the sentence "waited … ms for ". */
  readonly what: string
}

/** Waits for a state. Rejects when it does not come in time. */
export async function until(
  reached: () => boolean | Promise<boolean>,
  { withinMs, what }: Until,
): Promise<void> {
  const deadline = now() + withinMs
  while (!(await reached())) {
    if (now() > deadline) throw new Error(`Waited ${withinMs} ms for ${what}.`)
    await pause(20)
  }
}

/** Whether a state comes in time, for those who can live without it. */
export async function comes(
  reached: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  return until(reached, { withinMs, what: 'a state' }).then(
    () => true,
    () => false,
  )
}
