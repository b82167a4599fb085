import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cluster } from '@tertulia/postgres'
import { Rest } from '../client/rest.ts'
import { History } from '../history/record.ts'
import { type Chance, chanceOf, newClientId } from '../seed.ts'
import { freePort } from '../server/freePort.ts'
import { isBroken, programOf, type ServerKind } from '../server/program.ts'
import { Supervisor } from '../server/supervisor.ts'
import { createCast, MALLORY } from './cast.ts'

/** Where a server keeps everything. */
export type StoreKind = 'sqlite' | 'postgres'

export interface SceneOptions {
  readonly seed: number
  readonly people: number
  readonly channels: number
  /** In which channels a person is, by their numbers from 0 on: at most 20 of them. */
  readonly seats: (person: number) => readonly number[]
  readonly server: ServerKind
  /** The embedded store when nothing is said. */
  readonly store?: StoreKind
}

const HEAL_MS = 10_000
const BROKEN_HEAL_MS = 500

/** A server with people in channels, all of it in one temporary folder: `await using scene = await openScene(…)`. */
export async function openScene(options: SceneOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-faults-'))
  const port = await freePort()
  const secret = randomBytes(36).toString('base64')
  const apiKey = randomBytes(32).toString('hex')
  const cluster = options.store === 'postgres' ? await Cluster.start() : null
  const databaseUrl = cluster?.url('postgres') ?? null
  const place = { folder, databaseUrl, port, secret, apiKey }
  const supervisor = new Supervisor(programOf(options.server, place))
  const close = async () => {
    await supervisor.stop()
    await cluster?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await supervisor.ready()
    const chance = chanceOf(options.seed)
    const history = new History()
    const server = new Rest(port, apiKey)
    const ids = Array.from({ length: options.people }, (_, index) => `person-${index}`)
    const channels = await settle(server, { ids, chance, ...options })
    const channelsOf = (person: number) =>
      options.seats(person).flatMap((seat) => channels[seat] ?? [])
    const cast = createCast({ port, secret, ids, channels, channelsOf, chance, history })
    return {
      ...cast,
      folder,
      port,
      /** The API key's door. */
      server,
      supervisor,
      /** The database server; null for the embedded store. */
      cluster,
      history,
      chance,
      channels,
      channelsOf,
      /** A broken server may never agree with its clients: there is nothing to wait for. */
      patienceMs: isBroken(options.server) ? BROKEN_HEAL_MS : HEAL_MS,
      async [Symbol.asyncDispose]() {
        await cast.leave()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

export type Scene = Awaited<ReturnType<typeof openScene>>

/** Seats by turns, so that all channels have equally many people. */
export const evenSeats =
  (channels: number, each: number): SceneOptions['seats'] =>
  (person) =>
    Array.from({ length: each }, (_, index) => (person * each + index) % channels)

interface Settling extends SceneOptions {
  readonly ids: readonly string[]
  readonly chance: Chance
}

/** Creates people and channels. Returns the ids of the channels. */
async function settle(
  server: Rest,
  { ids, chance, channels, seats }: Settling,
): Promise<readonly string[]> {
  const users = [...ids, MALLORY].map((id) => ({ id }))
  for (let start = 0; start < users.length; start += 100)
    await server.must({
      method: 'POST',
      path: '/v1/users',
      body: { users: users.slice(start, start + 100) },
    })
  const made: string[] = []
  for (let number = 0; number < channels; number++) {
    const members = ids
      .filter((_, person) => seats(person).includes(number))
      .map((userId) => ({ userId }))
    const body = {
      clientId: newClientId(chance),
      type: 'group',
      name: `Channel ${number}`,
      members,
    }
    const { channel } = await server.must<{ channel: { id: string } }>({
      method: 'POST',
      path: '/v1/channels',
      body,
    })
    made.push(channel.id)
  }
  return made
}
