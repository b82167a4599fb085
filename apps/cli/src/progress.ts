import type { World } from './world.ts'

const EVERY_MS = 200

/** One line on the terminal that tells how far long work has come; nothing where nobody watches. */
export function progressLine(world: World): { tell(text: string): void; end(): void } {
  let toldAt = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    tell(text) {
      if (!world.isWatched || world.monotonic() - toldAt < EVERY_MS) return
      toldAt = world.monotonic()
      isShown = true
      world.progress(`\r${text.padEnd(60)}`)
    },
    end() {
      if (isShown) world.progress(`\r${''.padEnd(60)}\r`)
      isShown = false
    },
  }
}
