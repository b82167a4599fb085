import type { BlockMode } from '@tertulia/protocol'
import type { Ground } from '../../kernel/companions.ts'
import type { Snapshot } from '../../store/engine.ts'

/** Of somebody, everybody whom they block. */
export type List = ReadonlyMap<string, BlockMode>

/** A user with a connection to this node. */
interface Guest {
  connections: number
  /** Null until it was read. */
  list: List | null
  /** The newest reading; what an older one brings is dropped. */
  reading: object | null
}

type ReadList = (db: Snapshot, uid: string) => Promise<List>

const NOBODY: List = new Map()

/** Whom the users of this node block, so that what passes costs no look into the store. All by uid. */
export class Lists {
  readonly #ground: Pick<Ground, 'engine' | 'log'>
  readonly #readList: ReadList
  readonly #guests = new Map<string, Guest>()
  readonly #byBlocked = new Map<string, Map<string, BlockMode>>()

  constructor(ground: Pick<Ground, 'engine' | 'log'>, readList: ReadList) {
    this.#ground = ground
    this.#readList = readList
  }

  came(uid: string): void {
    const guest = this.#guests.get(uid) ?? { connections: 0, list: null, reading: null }
    this.#guests.set(uid, guest)
    guest.connections++
    if (guest.list === null) this.#read(uid, guest)
  }

  went(uid: string): void {
    const guest = this.#guests.get(uid)
    if (!guest || --guest.connections > 0) return
    this.#put(uid, guest, null)
    this.#guests.delete(uid)
  }

  /** The stored list is another one now. */
  changed(uid: string): void {
    const guest = this.#guests.get(uid)
    if (guest) this.#read(uid, guest)
  }

  isHere(uid: string): boolean {
    return this.#guests.has(uid)
  }

  /** Null for whoever is not on this node, or came just now. */
  listOf(uid: string): List | null {
    return this.#guests.get(uid)?.list ?? null
  }

  /** The users of this node who block somebody, and how. */
  blockersOf(uid: string): List {
    return this.#byBlocked.get(uid) ?? NOBODY
  }

  #read(uid: string, guest: Guest): void {
    const reading = {}
    guest.reading = reading
    this.#ground.engine
      .read((db) => this.#readList(db, uid))
      .then((list) => {
        if (guest.reading === reading && this.#guests.get(uid) === guest)
          this.#put(uid, guest, list)
      })
      .catch((error) => this.#ground.log.warn({ err: error }, 'a list of blocks was not read'))
  }

  #put(uid: string, guest: Guest, list: List | null): void {
    for (const other of guest.list?.keys() ?? []) {
      const blockers = this.#byBlocked.get(other)
      blockers?.delete(uid)
      if (blockers?.size === 0) this.#byBlocked.delete(other)
    }
    for (const [other, mode] of list ?? []) {
      const blockers = this.#byBlocked.get(other) ?? new Map<string, BlockMode>()
      this.#byBlocked.set(other, blockers.set(uid, mode))
    }
    guest.list = list
  }
}
