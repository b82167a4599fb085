import type { Engine, Snapshot } from '../../store/engine.ts'
import { lockMeta, putMeta, readMeta } from '../../store/meta.ts'
import {
  type Claim,
  MOVED_FROM,
  MOVED_TO,
  MOVING_FROM,
  MoveError,
  STORE_ID,
  textOfClaim,
} from '../../store/moving.ts'
import { MOVED } from './tables.ts'

/** What a target says of itself, as far as it decides who may write there. */
export interface Target {
  readonly movingFrom: string | null
  readonly movedFrom: string | null
  /** Tables with rows in them, and `meta` of a store that a server has used. */
  readonly filled: readonly string[]
}

/** What the old store says of itself. */
export interface Source {
  readonly storeId: string
  readonly movedTo: string | null
}

/** The name of the old store, made at its first move. */
export const nameSource = (from: Engine, newId: string): Promise<Source> =>
  from.write(async (changes) => {
    const known = await readMeta(changes, STORE_ID)
    if (known === null) putMeta(changes, STORE_ID, newId)
    return { storeId: known ?? newId, movedTo: await readMeta(changes, MOVED_TO) }
  })

/**
 * Rows are copied into a database that is empty, or that holds an unfinished move of this very store, and nowhere else:
 * whatever else is there would be deleted.
 */
export function refuseTarget({ storeId, movedTo }: Source, target: Target): void {
  if (target.movingFrom?.startsWith(`${storeId} `)) return
  if (target.movedFrom === storeId)
    throw new MoveError(
      'The store was moved into this database already, and the move is finished. ' +
        'Copying again would delete what was written there since. ' +
        'Start the server with TERTULIA_DATABASE_URL.',
    )
  if (movedTo !== null)
    throw new MoveError(
      `The store was moved to ${movedTo} before. What was written there since is not here, and would be missing. ` +
        'Start the server with that database in TERTULIA_DATABASE_URL. ' +
        'If that database is gone for good, make this the store again with tertulia restore.',
    )
  if (target.movingFrom !== null)
    throw new MoveError(
      'The database holds an unfinished move of another store, whose rows would be deleted. ' +
        'Finish that move, or name another, empty database.',
    )
  if (target.filled.length > 0)
    throw new MoveError(
      `The database is in use: there are rows in ${target.filled.join(', ')}. They would be deleted. ` +
        'Name a new, empty database.',
    )
}

/** Takes the target for one run of a move, or refuses it: nobody else decides about it at the same time. */
export const claimTarget = (to: Engine, source: Source, run: string): Promise<Claim> =>
  to.write(async (changes) => {
    await lockMeta(changes)
    refuseTarget(source, await lookAt(changes))
    const claim = { storeId: source.storeId, run }
    putMeta(changes, MOVING_FROM, textOfClaim(claim))
    return claim
  })

async function lookAt(db: Snapshot): Promise<Target> {
  const filled: string[] = []
  for (const { name } of MOVED) {
    const rows = await db.all({ sql: `SELECT 1 AS one FROM ${name} LIMIT 1`, slots: [] }, [])
    if (rows.length > 0) filled.push(name)
  }
  if ((await readMeta(db, 'epoch')) !== null) filled.push('meta')
  return {
    movingFrom: await readMeta(db, MOVING_FROM),
    movedFrom: await readMeta(db, MOVED_FROM),
    filled,
  }
}
