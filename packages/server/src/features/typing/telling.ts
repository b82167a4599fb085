import type { TypingFrame } from '@tertulia/protocol'
import type { Telling } from '../../ports/companion.ts'
import type { Typer } from './rooms.ts'

interface Round {
  readonly typers: readonly Typer[]
  /** Who began, went on or ended since the telling before. */
  readonly changed: readonly Typer[]
  readonly names: number
  /** Those who must not hear that somebody types, by uid. */
  readonly deafTo: (typer: Typer) => ReadonlySet<string>
}

/** Who types, for everybody; for each of them without themselves, and for the deaf without those they must not hear. */
export function tellingOf(channelId: string, { typers, changed, names, deafTo }: Round): Telling {
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
  const frameOfOthers = (typer: Typer): string =>
    first.includes(typer) ? frameFor(without(first, typer), others) : unnamed

  const instead = new Map<string, string | null>()
  for (const typer of typers) instead.set(typer.uid, frameOfOthers(typer))
  // For whoever changed alone nothing is new.
  const [only, ...more] = changed
  if (only && more.length === 0) instead.set(only.uid, null)
  for (const [viewer, hidden] of deafOf([...typers, ...changed], deafTo)) {
    const seen = (typer: Typer) => typer.uid !== viewer && !hidden.has(typer.uid)
    const heard = typers.filter(seen)
    // A frame without news would tell that somebody hidden began or ended.
    instead.set(viewer, changed.some(seen) ? frameFor(heard, heard.length) : null)
  }
  return { frame: frameFor(first, typers.length), instead }
}

const without = (some: readonly Typer[], typer: Typer) => some.filter((one) => one !== typer)

/** By viewer, whom they must not hear: empty, but for the few who block or are blocked. */
function deafOf(typers: readonly Typer[], deafTo: Round['deafTo']): Map<string, Set<string>> {
  const deaf = new Map<string, Set<string>>()
  for (const typer of typers)
    for (const viewer of deafTo(typer))
      deaf.set(viewer, (deaf.get(viewer) ?? new Set()).add(typer.uid))
  return deaf
}
