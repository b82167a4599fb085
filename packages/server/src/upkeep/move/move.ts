import type { Engine } from '../../store/engine.ts'
import { dropMeta, lockMeta, putMeta, readMeta } from '../../store/meta.ts'
import { type Claim, holdClaim, MOVED_FROM, MOVED_TO, MOVING_FROM } from '../../store/moving.ts'
import { claimTarget, type Source } from './claim.ts'
import { mirror } from './mirror.ts'
import { MOVED, WRITTEN_BY_TOOLS } from './tables.ts'

export interface MoveOptions {
  readonly from: Engine
  readonly to: Engine
  readonly source: Source
  /** A name of this run that no other one has. */
  readonly run: string
  /** The history of the new store: with it the epoch goes on, and clients notice only a reconnect. */
  readonly identity: string
  /** Whether nobody writes to the old store any more. */
  readonly isStopped: boolean
  /** Where it goes, without a password: the old store tells it to whoever starts it again. */
  readonly place: string
  readonly progress: (table: string, compared: number) => void
}

export interface Moved {
  readonly compared: number
  readonly written: number
  /** False when the old store was in use: what was written meanwhile is left for another run. */
  readonly isComplete: boolean
}

const KEPT = ['epoch', 'audit', 'configuration']

/**
 * Copies a store into another one, row by row, with all ids, sequences and the epoch. It may be run while the old store
 * is in use, and again when it is stopped: then little is left, and only then the new one is the store. Until then no
 * server starts on it, and from then on no move writes to it.
 */
export async function move(options: MoveOptions): Promise<Moved> {
  const { from, to, source, run, isStopped } = options
  const claim = await claimTarget(to, source, run)
  let compared = 0
  let written = 0
  for (const table of MOVED) {
    let rows = 0
    await mirror(table, {
      from,
      to,
      claim,
      seen(some, differing) {
        rows += some
        compared += some
        written += differing
        options.progress(table.name, rows)
      },
    })
  }
  if (isStopped) await handOver(options, claim)
  return { compared, written, isComplete: isStopped }
}

/**
 * The old store is shut before the new one opens: at no moment both are the store. What the tools of an operator wrote
 * into the old one meanwhile, which need no stopped server, comes along.
 */
async function handOver({ from, to, identity, place }: MoveOptions, claim: Claim): Promise<void> {
  await from.write(async (changes) => putMeta(changes, MOVED_TO, place))
  for (const table of WRITTEN_BY_TOOLS) await mirror(table, { from, to, claim, seen() {} })
  const kept = await from.read(async (db) =>
    Promise.all(KEPT.map(async (k) => ({ k, v: await readMeta(db, k) }))),
  )
  await to.write(async (changes) => {
    await lockMeta(changes)
    await holdClaim(changes, claim)
    for (const { k, v } of kept) if (v !== null) putMeta(changes, k, v)
    putMeta(changes, 'mark', identity)
    putMeta(changes, MOVED_FROM, claim.storeId)
    dropMeta(changes, MOVING_FROM)
  })
}
