import type { Connection } from './connection.ts'
import { Hub } from './hub.ts'
import { addWatcher, type Level, oldestListed, removeWatcher } from './watching.ts'

export interface Watch {
  readonly level: Level
  readonly visibleFrom: number
  /** The seq of the answer to this interest; 0 when it is not known. */
  readonly since: number
}

export interface HubsOptions {
  /** `list` interests of one connection; the oldest gives way. */
  readonly listInterests: number
  /** Called when a hub ends. */
  readonly ended: (hub: Hub) => void
  /** Called when somebody begins or ceases to watch a channel that is told in windows. */
  readonly moved: (hub: Hub) => void
}

/** The channels that connections of this node watch. */
export class Hubs {
  readonly #hubs = new Map<string, Hub>()
  readonly #options: HubsOptions

  constructor(options: HubsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#hubs.size
  }

  get(id: string): Hub | undefined {
    return this.#hubs.get(id)
  }

  /** The caller adds a watcher or a join, or calls `tidy`. */
  ensure(id: string): Hub {
    const known = this.#hubs.get(id)
    if (known) return known
    const hub = new Hub(id)
    this.#hubs.set(id, hub)
    return hub
  }

  watch(connection: Connection, hub: Hub, watch: Watch): void {
    removeWatcher(connection, hub)
    if (watch.level === 'list') this.#makeRoom(connection)
    addWatcher(connection, hub, watch)
    if (connection.person) hub.setVisibleFrom(connection.person.uid, watch.visibleFrom)
    if (hub.window !== null) this.#options.moved(hub)
  }

  #makeRoom(connection: Connection): void {
    if (connection.hubs.length - connection.fullCount < this.#options.listInterests) return
    const oldest = oldestListed(connection)
    if (oldest) this.unwatch(connection, oldest)
  }

  unwatch(connection: Connection, hub: Hub): void {
    if (removeWatcher(connection, hub) === null) return
    if (hub.window !== null) this.#options.moved(hub)
    connection.lag?.missed.delete(hub)
    this.#forgetVisibility(connection, hub)
    this.tidy(hub)
  }

  #forgetVisibility({ person }: Connection, hub: Hub): void {
    if (person === null || !hub.isRestricted(person.uid)) return
    if (!person.connections.some((other) => other.hubs.includes(hub)))
      hub.forgetVisibility(person.uid)
  }

  unwatchAll(connection: Connection): void {
    for (let last = connection.hubs.at(-1); last; last = connection.hubs.at(-1))
      this.unwatch(connection, last)
  }

  /** Ends the hub of a channel that is no more. */
  end(hub: Hub): void {
    for (const watchers of [hub.full, hub.list])
      for (let last = watchers.at(-1); last; last = watchers.at(-1)) this.unwatch(last, hub)
  }

  /** Drops a hub without watchers. */
  tidy(hub: Hub): void {
    if (!hub.isEmpty() || this.#hubs.get(hub.name) !== hub) return
    this.#hubs.delete(hub.name)
    this.#options.ended(hub)
  }
}
