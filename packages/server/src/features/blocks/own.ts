import { type Block, LIMITS } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { blocksVersion, pageOfBlocks, publicBlock } from './blocks.store.ts'

/** The whole list of a user, the newest first. */
export async function blocksOf(db: Snapshot, uid: string): Promise<Block[]> {
  const from = { uid, at: Number.MAX_SAFE_INTEGER, other: '0', limit: LIMITS.blocksPerUser }
  return (await pageOfBlocks(db, from)).map(publicBlock)
}

/** The same when it changed above a seq of the own stream; null when it did not. */
export const blocksSince = async (
  db: Snapshot,
  uid: string,
  after: number,
): Promise<Block[] | null> => ((await blocksVersion(db, uid)) > after ? blocksOf(db, uid) : null)
