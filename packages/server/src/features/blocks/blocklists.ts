import type { Ground } from '../../kernel/companions.ts'
import type { StreamAnnouncement } from '../../ports/bus.ts'
import type { Companion } from '../../ports/companion.ts'
import { Lists } from './lists.ts'
import { blockedBy } from './pairs.store.ts'

/** What other companions ask, at no cost, of users by uid. */
export interface Blocklists {
  /** Those on this node who must not hear that a user types, whoever of the two blocks: `unseenBy` are those they block. */
  deafTo(typer: { readonly uid: string; readonly unseenBy: readonly string[] }): ReadonlySet<string>
  /** Whether a user of this node must learn nothing of what another one of this node does. */
  hides(viewer: string, uid: string): boolean
  /** Whether somebody on this node may have to learn nothing of a user of this node. */
  isInvolved(uid: string): boolean
}

/** Written by the server alone; a custom field that looks so costs a reading and nothing else. */
const CHANGES = ['"name":"user.blocked"', '"name":"user.unblocked"']

/** Whether an event tells a user that their own list changed. */
export const changesBlocks = ({ owner, frame }: StreamAnnouncement): boolean =>
  owner === 'user' && CHANGES.some((name) => frame.includes(name))

/** Whom the users of this node block. Hears it by the events of their own streams, which are never lost. */
export function createBlocklists(ground: Ground): Companion & Blocklists {
  const { bus, limits } = ground
  const lists = new Lists(ground, (db, uid) => blockedBy(db, uid, limits.blocksPerUser))
  const namesOf = (uid: string) => lists.listOf(uid)?.keys() ?? []

  /** Those whom the user blocks, and those who block the user both ways. */
  function* keptFrom(uid: string): Iterable<string> {
    yield* namesOf(uid)
    for (const [blocker, mode] of lists.blockersOf(uid)) if (mode === 'twoWay') yield blocker
  }

  return {
    meet() {
      bus.subscribe((announcement) => {
        if (announcement.kind === 'event' && changesBlocks(announcement))
          lists.changed(announcement.stream)
      })
    },
    signals: {},
    came: ({ actor }) => lists.came(actor.uid),
    went: ({ actor }) => lists.went(actor.uid),
    keptFrom,
    deafTo: ({ uid, unseenBy }) =>
      new Set([
        ...[...unseenBy, ...namesOf(uid)].filter((other) => lists.isHere(other)),
        ...lists.blockersOf(uid).keys(),
      ]),
    hides: (viewer, uid) =>
      (lists.listOf(uid)?.has(viewer) ?? false) || lists.listOf(viewer)?.get(uid) === 'twoWay',
    isInvolved: (uid) => (lists.listOf(uid)?.size ?? 0) > 0 || lists.blockersOf(uid).size > 0,
  }
}
