import type { Changes } from './engine.ts'
import { holdMeta, lockMeta, readMeta } from './meta.ts'

/** Where a store went; only in one that was moved. */
export const MOVED_TO = 'moved_to'
/** The name of a store that is moved: made once, at the first move, and kept. */
export const STORE_ID = 'store_id'
/** In a store that another one is being moved into: whose rows these are, and which run writes them. */
export const MOVING_FROM = 'moving_from'
/** In a store that another one was moved into: the name of the other one. */
export const MOVED_FROM = 'moved_from'

/** A store cannot be used, or moved, as it stands; the message tells an operator why and what to do. */
export class MoveError extends Error {
  override readonly name = 'MoveError'
}

type Meta = ReadonlyMap<string, string>

/** A part of a store must not be taken for the whole: what is missing in it, nobody would see. */
export function refuseHalfMoved(meta: Meta): void {
  if (meta.has(MOVING_FROM)) throw halfMoved()
}

/** The same inside the transaction that makes it a store in use. */
export async function lockWhole(changes: Changes): Promise<void> {
  await lockMeta(changes)
  if ((await readMeta(changes, MOVING_FROM)) !== null) throw halfMoved()
}

/** What would be written to a store that was moved is nowhere else, and nobody would see it. */
export function refuseMoved(meta: Meta, dataDir: string): void {
  const place = meta.get(MOVED_TO)
  if (place !== undefined)
    throw new MoveError(
      `The store of ${dataDir} was moved to ${place}. Messages in two stores would never meet again. ` +
        'Name the new one in TERTULIA_DATABASE_URL.',
    )
}

const halfMoved = (): MoveError =>
  new MoveError(
    'The database holds a part of an embedded store: a move into it is under way, or was interrupted. ' +
      'Messages are missing in it, and what is written here would be lost when the move goes on. ' +
      'Finish the move first: tertulia migrate --to ADDRESS, with the old TERTULIA_DATA_DIR and without ' +
      'TERTULIA_DATABASE_URL. To give the move up, make the database anew.',
  )

/** Whose part this is and which run of the move writes it. A later run takes over from an earlier one. */
export interface Claim {
  readonly storeId: string
  readonly run: string
}

export const textOfClaim = ({ storeId, run }: Claim): string => `${storeId} ${run}`

/**
 * Called inside every transaction of a move: its rows may be replaced as long as they are nobody else's. Nobody changes
 * the claim before the transaction has ended, and no server writes where there is one.
 */
export async function holdClaim(changes: Changes, claim: Claim): Promise<void> {
  if ((await holdMeta(changes, MOVING_FROM)) === textOfClaim(claim)) return
  throw new MoveError(
    'Another move into this database began after this one. Two at once would undo what the other has done. ' +
      'This one has stopped: let the other one finish.',
  )
}
