import { setTimeout as pause } from 'node:timers/promises'

/** Long, because it costs nothing where a server is right, and a busy machine is not wrong. */
const DEADLINE_MS = 10_000
const LOOK_EVERY_MS = 4

/**
 * Waits for a state: the first value of `look` that is neither false, null nor undefined.
 *
 * @throws when there is none within the deadline.
 */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
  deadlineMs = DEADLINE_MS,
): Promise<Exclude<Value, false | null | undefined>> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await look()
    if (value !== false && value !== null && value !== undefined)
      return value as Exclude<Value, false | null | undefined>
    if (performance.now() > end)
      throw new Error(`Waited ${deadlineMs} ms in vain for this: ${what}.`)
    await pause(LOOK_EVERY_MS)
  }
}

/** Waits as long as a server asked for. */
export const obey = (retryAfterMs: number): Promise<void> => pause(retryAfterMs)
