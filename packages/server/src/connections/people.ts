import type { Connection } from './connection.ts'
import type { Stream } from './stream.ts'

/** A user with connections on this node, and their own stream. */
export class Person implements Stream {
  readonly name = '@me'
  readonly uid: string
  /** Oldest first. */
  connections: readonly Connection[] = []
  epoch = 0
  delivered = 0
  head = 0

  constructor(uid: string) {
    this.uid = uid
  }

  beginEpoch(epoch: number): void {
    this.epoch = epoch
    this.delivered = 0
    this.head = 0
  }
}

export class People {
  readonly #people = new Map<string, Person>()
  readonly #most: number

  /** `most` sockets of one user; the oldest give way. */
  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#people.size
  }

  get(uid: string): Person | undefined {
    return this.#people.get(uid)
  }

  /** Adds a connection whose device is set. Returns those that it replaces; the caller closes them. */
  add(connection: Connection, uid: string): readonly Connection[] {
    const person = this.#people.get(uid) ?? new Person(uid)
    this.#people.set(uid, person)
    const sameDevice = person.connections.filter((other) => other.device === connection.device)
    const others = person.connections.filter((other) => other.device !== connection.device)
    const tooMany = others.slice(0, Math.max(0, others.length + 1 - this.#most))
    person.connections = [...person.connections, connection]
    connection.person = person
    return [...sameDevice, ...tooMany]
  }

  remove(connection: Connection): void {
    const { person } = connection
    if (person === null) return
    person.connections = person.connections.filter((other) => other !== connection)
    if (person.connections.length === 0) this.#people.delete(person.uid)
  }
}
