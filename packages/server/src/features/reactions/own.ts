import type { OwnReactions } from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Snapshot } from '../../store/engine.ts'
import { ownReactionsBetween } from './reactions.store.ts'

interface Reacted {
  readonly id: string
  readonly seq: number
  readonly deletedAt?: number | undefined
}

/** What the asker has on these messages, which are of one channel. A server has none. */
export async function ownReactionsOn(
  db: Snapshot,
  actor: Actor,
  { channelId, messages }: { readonly channelId: string; readonly messages: readonly Reacted[] },
): Promise<OwnReactions> {
  if (actor.kind !== 'user') return {}
  // Of a tombstone they are gone, although their rows go by and by.
  const present = messages.filter(({ deletedAt }) => deletedAt === undefined)
  const ids = new Map(present.map(({ seq, id }) => [seq, id]))
  const found = await Promise.all(
    rangesOf([...ids.keys()]).map((range) =>
      ownReactionsBetween(db, { channelId, uid: actor.uid, ...range }),
    ),
  )
  const own: Record<string, Record<string, number>> = {}
  for (const { message_seq, emoji, score } of found.flat()) {
    const id = ids.get(message_seq)
    if (id !== undefined) own[id] = { ...own[id], [emoji]: score }
  }
  return own
}

/** Of messages that lie farther apart it is cheaper to ask one by one than for all that lies between. */
const NEAR = 100

interface Range {
  readonly low: number
  readonly high: number
}

function rangesOf(seqs: readonly number[]): readonly Range[] {
  const ranges: Range[] = []
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && seq - last.high <= NEAR) ranges[ranges.length - 1] = { low: last.low, high: seq }
    else ranges.push({ low: seq, high: seq })
  }
  return ranges
}
