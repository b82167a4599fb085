import { Person } from '../client/person.ts'
import { Rest } from '../client/rest.ts'
import { Sender } from '../client/sender.ts'
import { mintToken } from '../client/tokens.ts'
import { History } from '../history/record.ts'
import type { Chance } from '../seed.ts'
import { until } from '../waiting.ts'

export const MALLORY = 'mallory'
/** Channels that one connection may watch with interest `full`. */
const WATCHED = 20
const WELCOME_MS = 30_000

export interface Casting {
  readonly port: number
  readonly secret: string
  readonly ids: readonly string[]
  readonly channels: readonly string[]
  readonly channelsOf: (person: number) => readonly string[]
  readonly chance: Chance
  readonly history: History
}

/** Everybody of a scene: the people, and mallory, who is a user like any other and a member of nothing. */
export function createCast({ port, secret, ids, channels, channelsOf, chance, history }: Casting) {
  const personOf = (id: string, watched: readonly string[], record: History) =>
    new Person({
      id,
      port,
      token: mintToken(secret, id),
      channels: watched,
      chance,
      history: record,
    })
  const senderOf = (person: Person, door: 'socket' | 'rest') =>
    new Sender({
      person,
      rest: new Rest(port, mintToken(secret, person.id)),
      door,
      chance,
      history,
    })
  const people = ids.map((id, index) => personOf(id, channelsOf(index), history))
  const mallory = personOf(MALLORY, channels.slice(0, WATCHED), new History())
  const everybody = [...people, mallory]
  let heard = 0
  mallory.onEvent = () => heard++
  const allWelcome = () =>
    until(() => everybody.every(({ connection }) => connection !== null), {
      withinMs: WELCOME_MS,
      what: 'everybody to be connected',
    })
  return {
    people,
    /** The people and mallory. */
    everybody,
    /** Half of the people send through their socket, half by REST. */
    senders: people.map((person, index) => senderOf(person, index % 2 === 0 ? 'socket' : 'rest')),
    mallory: senderOf(mallory, 'rest'),
    /** Messages that reached mallory. */
    heardByMallory: () => heard,
    allWelcome,
    async connect() {
      for (const person of everybody) person.start()
      await allWelcome()
    },
    leave: () => Promise.all(everybody.map((person) => person.leave())),
  }
}
