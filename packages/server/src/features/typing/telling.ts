import type { TypingFrame } from '@tertulia/protocol'
import type { Telling } from '../../ports/companion.ts'
import type { Typer } from './rooms.ts'

export interface TypingTelling extends Telling {
  readonly instead: Map<string, string | null>
}

/** Who types, for everybody; for each of them without themselves. */
export function tellingOf(
  channelId: string,
  typers: readonly Typer[],
  names: number,
): TypingTelling {
  const frameFor = (some: readonly Typer[], count: number): string => {
    const users = some.slice(0, names).map(({ userId }) => userId)
    return JSON.stringify({
      type: 'typing',
      channel: channelId,
      users,
      count,
    } satisfies TypingFrame)
  }
  // Nobody further back is ever named.
  const first = typers.slice(0, names + 1)
  const others = typers.length - 1
  const unnamed = frameFor(first, others)
  return {
    frame: frameFor(first, typers.length),
    instead: new Map(
      typers.map((typer) => [
        typer.uid,
        first.includes(typer)
          ? frameFor(
              first.filter((one) => one !== typer),
              others,
            )
          : unnamed,
      ]),
    ),
  }
}
