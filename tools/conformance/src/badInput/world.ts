import type { OperationName } from '@tertulia/protocol'
import { mustStayOutOfTheLog, theTarget } from '../cast.ts'
import type { Input, Output } from '../contract.ts'
import { openWith } from '../doors/hello.ts'
import type { Line } from '../doors/line.ts'
import { callRest } from '../doors/rest.ts'
import { Ears } from '../ears.ts'
import { clientId, randomLetters } from '../names.ts'
import { goodToken } from '../tokens.ts'
import { patiently } from '../voice.ts'

export const NAMES = ['alice', 'bob', 'charlie', 'dave', 'erin', 'frank', 'watcher'] as const
export type Name = (typeof NAMES)[number]

/**
 * Who and what the bad requests are about: alice owns a group with bob in it, charlie and dave have one that alice
 * knows nothing of, erin is deactivated, the tokens of frank are revoked, and the watcher only looks on.
 */
export interface World {
  readonly url: string
  readonly secret: string
  readonly apiKey: string
  readonly readKey: string | null
  /** Every id and name of this world begins with them. */
  readonly letters: string
  readonly ids: Readonly<Record<Name, string>>
  /** Ten users more, for what needs many. */
  readonly crowd: readonly string[]
  readonly tokens: Readonly<Record<Name, string>>
  readonly group: string
  readonly direct: string
  /** A channel of charlie's and dave's, and a message in it. */
  readonly foreign: string
  readonly foreignMessage: string
  /** Messages in the group. */
  readonly byAlice: string
  readonly byBob: string
  readonly deleted: string
  /** Client ids that were used: for `byAlice`, and for the group. */
  readonly usedForMessage: string
  readonly usedForChannel: string
  /** What nobody but charlie, dave and the app may read. */
  readonly markers: readonly string[]
  /** Opened before the first bad request. While it answers, the process is the same. */
  readonly watching: Line
}

let world: World | null = null

export async function openWorld(): Promise<World> {
  world ??= await build()
  return world
}

/** Hangs up the watcher. */
export async function closeWorld(): Promise<void> {
  await world?.watching.hangUp()
}

async function appDoes<Operation extends OperationName>(
  name: Operation,
  input: Input<Operation>,
): Promise<Output<Operation>> {
  const { urls, apiKey } = theTarget()
  const caller = { url: urls[0], bearer: apiKey, ears: new Ears() }
  const answer = await patiently(() => callRest(caller, name, input))
  if (!answer.ok)
    throw new Error(`The world could not be built: ${name} ${JSON.stringify(answer.error)}`)
  return answer.data as never
}

async function build(): Promise<World> {
  const { urls, secret, apiKey, readKey } = theTarget()
  const letters = randomLetters(10)
  const marker = randomLetters(16)
  const people = NAMES.map((name) => [name, `${letters}-${name}`] as const)
  const ids = Object.fromEntries(people) as Record<Name, string>
  const tokens = mintAll(people, secret)
  const crowd = Array.from({ length: 10 }, (_, index) => `${letters}-crowd-${index}`)
  await appDoes('user.upsert', {
    users: [...Object.values(ids), ...crowd].map((id) => ({ id, privateCustom: { note: marker } })),
  })
  await appDoes('user.deactivate', { userId: ids.erin })
  await appDoes('user.revokeTokens', { userId: ids.frank })
  const usedForChannel = clientId()
  const usedForMessage = clientId()
  const { group, direct, foreign } = await openChannels({ ids, marker, usedForChannel })
  const say = async (channelId: string, author: string, key = clientId()) => {
    const text = channelId === foreign ? marker : 'hello'
    const said = await appDoes('message.send', { channelId, author, clientId: key, text })
    return said.message.id
  }
  const byAlice = await say(group, ids.alice, usedForMessage)
  const byBob = await say(group, ids.bob)
  const deleted = await say(group, ids.alice)
  await appDoes('message.delete', { channelId: group, messageId: deleted })
  const foreignMessage = await say(foreign, ids.charlie)
  const { line } = await openWith({ token: tokens.watcher }, { url: urls[0], ears: new Ears() })
  return {
    url: urls[0],
    secret,
    apiKey,
    readKey,
    letters,
    ids,
    crowd,
    tokens,
    group,
    direct,
    foreign,
    foreignMessage,
    byAlice,
    byBob,
    deleted,
    usedForMessage,
    usedForChannel,
    markers: [marker, ids.dave],
    watching: line,
  }
}

function mintAll(
  people: readonly (readonly [Name, string])[],
  secret: string,
): Record<Name, string> {
  const minted = people.map(([name, id]) => [name, goodToken(secret, id)] as const)
  for (const [, token] of minted) mustStayOutOfTheLog(token)
  return Object.fromEntries(minted) as Record<Name, string>
}

interface Plan {
  readonly ids: Readonly<Record<Name, string>>
  readonly marker: string
  readonly usedForChannel: string
}

async function openChannels({ ids, marker, usedForChannel }: Plan) {
  const { urls, secret } = theTarget()
  // Of alice herself: only then her client id is a used one.
  const alice = { url: urls[0], bearer: goodToken(secret, ids.alice), ears: new Ears() }
  mustStayOutOfTheLog(alice.bearer)
  const group = await patiently(() =>
    callRest(alice, 'channel.create', {
      clientId: usedForChannel,
      name: 'The group',
      members: [{ userId: ids.bob }],
    }),
  )
  if (!group.ok) throw new Error(`There is no group: ${JSON.stringify(group.error)}`)
  const direct = await appDoes('channel.create', {
    clientId: clientId(),
    type: 'direct',
    members: [{ userId: ids.alice }, { userId: ids.bob }],
  })
  const foreign = await appDoes('channel.create', {
    clientId: clientId(),
    name: marker,
    members: [{ userId: ids.charlie, role: 'owner' }, { userId: ids.dave }],
  })
  return {
    group: (group.data as Output<'channel.create'>).channel.id,
    direct: direct.channel.id,
    foreign: foreign.channel.id,
  }
}
