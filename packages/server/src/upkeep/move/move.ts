import type { Changes, Engine } from '../../store/engine.ts'
import { statement } from '../../store/statement.ts'
import { mirror } from './mirror.ts'
import { MOVED } from './tables.ts'

export interface MoveOptions {
  readonly from: Engine
  readonly to: Engine
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

const readMeta = statement<{ k: string }>()((db, p) =>
  db.selectFrom('meta').select('v').where('k', '=', p.k),
)
const putMeta = statement<{ k: string; v: string }>()((db, p) =>
  db
    .insertInto('meta')
    .values({ k: p.k, v: p.v })
    .onConflict((conflict) => conflict.column('k').doUpdateSet({ v: p.v })),
)

const MOVED_TO = 'moved_to'
const KEPT = ['epoch', 'audit', 'configuration']

/**
 * Copies a store into another one, row by row, with all ids, sequences and the epoch. It may be run while the old store
 * is in use, and again when it is stopped: then little is left, and only then the new one is the store.
 */
export async function move(options: MoveOptions): Promise<Moved> {
  const { from, to, isStopped } = options
  let compared = 0
  let written = 0
  for (const table of MOVED) {
    let rows = 0
    await mirror(table, {
      from,
      to,
      seen(some, differing) {
        rows += some
        compared += some
        written += differing
        options.progress(table.name, rows)
      },
    })
  }
  if (isStopped) await handOver(options)
  return { compared, written, isComplete: isStopped }
}

async function handOver({ from, to, identity, place }: MoveOptions): Promise<void> {
  const kept = await from.read(async (db) =>
    Promise.all(KEPT.map(async (k) => ({ k, v: (await readMeta.first(db, { k }))?.v }))),
  )
  await to.write(async (changes) => {
    for (const { k, v } of kept) if (v !== undefined) putMeta.put(changes, { k, v })
    putMeta.put(changes, { k: 'mark', v: identity })
  })
  await from.write(async (changes: Changes) => putMeta.put(changes, { k: MOVED_TO, v: place }))
}

/** Where a store went, or null when it is still the store. */
export const movedTo = async (engine: Engine): Promise<string | null> =>
  (await engine.read((db) => readMeta.first(db, { k: MOVED_TO })))?.v ?? null
