import { EXIT, type ExitCode } from './exits.ts'
import { sentenceOf } from './sentences.ts'
import type { World } from './world.ts'

export interface Breakage {
  /** To be called when the server cannot go on. */
  readonly broken: (error: Error) => void
  /** Says why. A server that did not even start has said so by itself. */
  whenBroken(): Promise<ExitCode>
}

/** A server that cannot trust its store ends at once: whoever watches over the process starts it anew. */
export function breakage(world: World): Breakage {
  const { promise, resolve } = Promise.withResolvers<Error>()
  return {
    broken: resolve,
    async whenBroken() {
      world.warn(`The server cannot go on: ${sentenceOf(await promise)}`)
      return EXIT.failed
    },
  }
}
