import { afterAll, beforeAll, test } from 'vitest'
import type { Output } from './contract.ts'
import { createLaw } from './copies/law.ts'
import { callRest } from './doors/rest.ts'
import { Ears } from './ears.ts'
import { expectSilentLog } from './log.ts'
import { clientId, randomLetters } from './names.ts'
import { type Door, Person } from './person.ts'
import { openTarget, type Target } from './target.ts'
import { createVoice, type Voice } from './voice.ts'

/** The app's own back end, with its API key. */
export interface App extends Voice {
  readonly ears: Ears
}

export interface Cast {
  readonly alice: Person
  readonly bob: Person
  readonly charlie: Person
  readonly server: App
  readonly door: Door
  readonly target: Target
  /** Letters that only this story has, for keys, names and words; nobody's id holds them. */
  readonly letters: string
  /** One more user, connected like the others. */
  meets(name: string): Promise<Person>
  /** A `group` of alice's with these people, which everybody in it watches. */
  opensGroup(people: readonly Person[], more?: object): Promise<Output<'channel.create'>['channel']>
  /** Checks the sync law for everybody, as after every step. */
  holds(): Promise<void>
}

type Story = (cast: Cast) => Promise<void>

let target: Target | null = null
const secrets = new Set<string>()

beforeAll(async () => {
  target = await openTarget()
  for (const secret of [target.apiKey, target.secret, target.readKey])
    if (secret) secrets.add(secret)
})

afterAll(async () => {
  await target?.stop()
  expectSilentLog(target?.log() ?? null, secrets)
})

/** Whatever the server must not write to its log. */
export const mustStayOutOfTheLog = (secret: string): void => void secrets.add(secret)

/** The installation that this run is about. */
export function theTarget(): Target {
  if (!target) throw new Error('The server is not there before the stories begin.')
  return target
}

/** Stories share their server with others of the same file. */
const STORY_MS = 60_000

/**
 * A story over one door. The sync law is checked around every step of it. Others of the same file are told meanwhile:
 * most stories wait most of the time, and whoever is in one knows nobody of another.
 */
export function story(title: string, tell: Story, door: Door = 'socket'): void {
  test.concurrent(title, { timeout: STORY_MS }, () => perform(tell, door))
}

/** The same story twice: every call over REST, then every call over the socket where it takes it. */
export function bothDoors(title: string, tell: Story): void {
  story(`${title} (REST)`, tell, 'rest')
  story(`${title} (socket)`, tell, 'socket')
}

async function perform(tell: Story, door: Door): Promise<void> {
  const people: Person[] = []
  const cast = await gather(people, door)
  try {
    await tell(cast)
    await cast.holds()
    for (const line of people.flatMap(({ lines }) => lines)) line.check()
  } finally {
    await Promise.all(people.flatMap(({ lines }) => lines).map((line) => line.hangUp()))
  }
}

async function gather(people: Person[], door: Door): Promise<Cast> {
  const here = theTarget()
  const letters = randomLetters(10)
  const run = randomLetters(10)
  const holds = createLaw(() => people)
  const server = createApp(here, holds)
  const meets = async (name: string) => {
    const person = createPerson({
      name: `${name}-${run}`,
      door,
      holds,
      server,
      order: people.length,
    })
    await server.does('user.upsert', { users: [{ id: person.id, name }] })
    await person.arrives()
    people.push(person)
    return person
  }
  const [alice, bob, charlie] = [await meets('alice'), await meets('bob'), await meets('charlie')]
  return {
    alice,
    bob,
    charlie,
    server,
    door,
    target: here,
    letters,
    meets,
    holds,
    async opensGroup(others, more = {}) {
      const members = others.map(({ id }) => ({ userId: id }))
      const { channel } = await alice.does('channel.create', {
        clientId: clientId(),
        members,
        ...more,
      })
      for (const person of [alice, ...others]) await person.watches(channel.id)
      return channel
    },
  }
}

function createApp({ urls: [url], apiKey: bearer }: Target, afterStep: () => Promise<void>): App {
  const ears = new Ears()
  const voice = createVoice({
    who: 'the app server',
    afterStep,
    ask: (name, input) => callRest({ url, bearer, ears }, name, input),
  })
  return { ...voice, ears }
}

interface Part {
  readonly name: string
  readonly door: Door
  readonly holds: () => Promise<void>
  readonly server: App
  readonly order: number
}

function createPerson({ name, door, holds, server, order }: Part): Person {
  const { urls, secret } = theTarget()
  return new Person({
    id: name,
    url: urls[order % urls.length] ?? urls[0],
    secret,
    door,
    afterStep: holds,
    minted: mustStayOutOfTheLog,
    fence: (id, mark) => server.does('user.upsert', { users: [{ id, avatar: mark }] }),
  })
}
