import type { PresenceChoice } from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import type { Ground } from '../../kernel/companions.ts'
import type { Snapshot } from '../../store/engine.ts'
import { hiddenSince, pairOf } from '../blocks/index.ts'
import { maySeeUser, userById } from '../users/index.ts'
import { choiceOf, type PresenceRow, presenceRow, saveLastActive } from './presence.store.ts'

/** A user whom the viewer may see. */
export interface Seen {
  readonly uid: string
  readonly row: PresenceRow | undefined
  /** Since when a block hides the user from the viewer; null when none does. */
  readonly hiddenAt: number | null
}

/** What presence asks of the store. */
export interface Records {
  /** By the ids of the app, in their order; null for whoever is not there for the viewer. */
  find(viewer: UserActor, userIds: readonly string[]): Promise<readonly Found[]>
  /** Of one user, whether each of the viewers may see them: what they see, or null. */
  look(viewers: readonly UserActor[], uid: string): Promise<readonly (Seen | null)[]>
  choiceOf(uid: string): Promise<PresenceChoice>
  save(lastActive: ReadonlyMap<string, number>): Promise<void>
}

export interface Found {
  /** Null when there is no such user. */
  readonly uid: string | null
  readonly seen: Seen | null
}

export function createRecords({ engine, queue, settings }: Ground): Records {
  const seenBy = async (db: Snapshot, viewer: UserActor, uid: string): Promise<Seen | null> => {
    if (!(await maySeeUser(db, viewer, { uid }, settings))) return null
    const hiddenAt = hiddenSince(await pairOf(db, viewer.uid, uid))
    return { uid, row: await presenceRow(db, uid), hiddenAt }
  }

  return {
    find: (viewer, userIds) =>
      engine.read(async (db) => {
        const found: Found[] = []
        for (const id of userIds) {
          const uid = (await userById(db, id))?.uid ?? null
          found.push({ uid, seen: uid === null ? null : await seenBy(db, viewer, uid) })
        }
        return found
      }),
    look: (viewers, uid) =>
      engine.read(async (db) => {
        const seen: (Seen | null)[] = []
        for (const viewer of viewers) seen.push(await seenBy(db, viewer, uid))
        return seen
      }),
    choiceOf: async (uid) => choiceOf(await engine.read((db) => presenceRow(db, uid))),
    save: (lastActive) =>
      queue.submit({}, async (tx) => {
        // In one order everywhere, so that two nodes never wait for each other.
        for (const [uid, at] of [...lastActive].sort()) saveLastActive(tx, uid, at)
      }),
  }
}
