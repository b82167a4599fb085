import type { Listener } from '../../ports/companion.ts'
import type { Look } from './looks.ts'

/** The users whose presence a connection watches. */
export interface Watch {
  readonly listener: Listener
  /** By uid, the ids of the app. */
  readonly users: ReadonlyMap<string, string>
  /** By uid, what the connection was told last. */
  readonly told: Map<string, Look>
}

const NONE: ReadonlySet<Watch> = new Set()

/** Who watches whom. */
export class Watches {
  readonly #byConnection = new Map<string, Watch>()
  readonly #byViewer = new Map<string, Set<Watch>>()
  readonly #byUser = new Map<string, Set<Watch>>()

  has(watch: Watch): boolean {
    return this.#byConnection.get(watch.listener.id) === watch
  }

  of(uid: string): ReadonlySet<Watch> {
    return this.#byUser.get(uid) ?? NONE
  }

  /** Those of the connections of one user. */
  by(uid: string): ReadonlySet<Watch> {
    return this.#byViewer.get(uid) ?? NONE
  }

  /** Replaces what the connection watched. */
  put(watch: Watch): void {
    const { listener, users } = watch
    this.drop(listener)
    if (users.size === 0) return
    this.#byConnection.set(listener.id, watch)
    add(this.#byViewer, listener.actor.uid, watch)
    for (const uid of users.keys()) add(this.#byUser, uid, watch)
  }

  drop({ id }: Pick<Listener, 'id'>): void {
    const watch = this.#byConnection.get(id)
    if (!watch) return
    this.#byConnection.delete(id)
    take(this.#byViewer, watch.listener.actor.uid, watch)
    for (const uid of watch.users.keys()) take(this.#byUser, uid, watch)
  }
}

function add(index: Map<string, Set<Watch>>, key: string, watch: Watch): void {
  const some = index.get(key) ?? new Set()
  index.set(key, some.add(watch))
}

function take(index: Map<string, Set<Watch>>, key: string, watch: Watch): void {
  const some = index.get(key)
  some?.delete(watch)
  if (some?.size === 0) index.delete(key)
}
