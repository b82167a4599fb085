import { EXIT, type ExitCode } from './exits.ts'
import type { World } from './world.ts'

export interface Breakage {
  /** To be called when the server cannot go on. */
  readonly broken: () => void
  readonly whenBroken: Promise<ExitCode>
}

/** A server that cannot trust its store ends at once: whoever watches over the process starts it anew. */
export function breakage(world: World): Breakage {
  const { promise, resolve } = Promise.withResolvers<ExitCode>()
  const broken = () => {
    world.warn(
      'The server cannot go on, because its store failed. Nothing acknowledged is lost. Start it again.',
    )
    resolve(EXIT.failed)
  }
  return { broken, whenBroken: promise }
}
