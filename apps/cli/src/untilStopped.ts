import { EXIT, type ExitCode } from './exits.ts'
import type { Host, World } from './world.ts'

/**
 * A terminal sends Ctrl-C to the whole group, and npm passes on its own copy: two that come this close, in ms, are
 * one wish.
 */
const ONE_PRESS_MS = 300

/** Waits for a signal, drains, and tells how it went. A second signal ends the wait at once. */
export function untilStopped(host: Pick<Host, 'stop'>, world: World): Promise<ExitCode> {
  const { promise, resolve } = Promise.withResolvers<ExitCode>()
  let firstAt: number | null = null
  world.onSignal((name) => {
    const now = world.monotonic()
    if (firstAt === null) {
      firstAt = now
      void drain(host, world).then(resolve)
    } else if (name === 'SIGTERM' || now - firstAt > ONE_PRESS_MS) {
      world.warn('Stopped without waiting for what was still running.')
      resolve(EXIT.failed)
    }
  })
  return promise
}

async function drain(host: Pick<Host, 'stop'>, world: World): Promise<ExitCode> {
  try {
    const { unfinished } = await host.stop()
    return unfinished === 0 ? EXIT.ok : EXIT.failed
  } catch (error) {
    world.warn(`Stopping failed: ${error instanceof Error ? error.message : String(error)}`)
    return EXIT.failed
  }
}
