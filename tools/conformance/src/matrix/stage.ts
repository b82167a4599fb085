import type { OperationName } from '@tertulia/protocol'
import { mustStayOutOfTheLog, theTarget } from '../cast.ts'
import type { Input, Output } from '../contract.ts'
import { callRest } from '../doors/rest.ts'
import { Ears } from '../ears.ts'
import { clientId, randomLetters, unknownId } from '../names.ts'
import { goodToken, tokenEndingIn, withBrokenSignature } from '../tokens.ts'
import type { PresentActor } from './actors.ts'

/** The things that the matrix asks about. */
export interface Things {
  readonly channelId: string
  /** A message of the owner's. */
  readonly messageId: string
  /** A member whom nobody outside knows. */
  readonly witnessId: string
  readonly ownerId: string
  /** A user who is nowhere yet. */
  readonly strangerId: string
  /** The client id of what the owner will say in a day. */
  readonly scheduledId: string
  /** What the name of a public channel begins with. */
  readonly letters: string
}

export interface Stage extends Things {
  /** The `Authorization` of everybody; null for none. The read-only key is null when there is none to use. */
  readonly bearers: Readonly<Record<PresentActor, string | null>>
  readonly ids: Readonly<Record<string, string>>
}

/** A call of the app's own server on the stage. */
export async function appDoes<Name extends OperationName>(
  name: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const { urls, apiKey } = theTarget()
  const answer = await callRest({ url: urls[0], bearer: apiKey, ears: new Ears() }, name, input)
  if (!answer.ok)
    throw new Error(`The stage could not be built: ${name} ${JSON.stringify(answer.error)}`)
  return answer.data as never
}

const ROLES = [
  'owner',
  'member',
  'witness',
  'removed',
  'revoked',
  'nonMember',
  'moderatorElsewhere',
  'stranger',
] as const

/** A new group with its people, and everybody around it. */
export async function buildStage(): Promise<Stage> {
  const letters = randomLetters(10)
  const ids = Object.fromEntries(ROLES.map((role) => [role, `${role}-${letters}`])) as Record<
    (typeof ROLES)[number],
    string
  >
  await appDoes('user.upsert', { users: ROLES.map((role) => ({ id: ids[role] })) })
  await hasStatus(ids.witness)
  const bearers = bearersOf(ids)
  const inside = [ids.member, ids.witness, ids.removed, ids.revoked].map((userId) => ({ userId }))
  const [{ channel }] = await Promise.all([
    appDoes('channel.create', {
      clientId: clientId(),
      name: `Private ${letters}`,
      members: [{ userId: ids.owner, role: 'owner' }, ...inside],
    }),
    appDoes('channel.create', {
      clientId: clientId(),
      members: [{ userId: ids.moderatorElsewhere, role: 'moderator' }],
    }),
    appDoes('channel.create', { clientId: clientId(), type: 'public', name: `${letters} for all` }),
    appDoes('user.revokeTokens', { userId: ids.revoked }),
  ])
  const { message } = await appDoes('message.send', {
    channelId: channel.id,
    clientId: clientId(),
    text: `of the owner ${letters}`,
    author: ids.owner,
  })
  await appDoes('member.remove', { channelId: channel.id, userId: ids.removed })
  return {
    channelId: channel.id,
    messageId: message.id,
    witnessId: ids.witness,
    ownerId: ids.owner,
    strangerId: ids.stranger,
    scheduledId: await schedules(ids.owner, channel.id),
    letters,
    ids,
    bearers,
  }
}

/** Something that is the owner's alone. */
async function schedules(id: string, channelId: string): Promise<string> {
  const { urls, secret } = theTarget()
  const bearer = goodToken(secret, id)
  mustStayOutOfTheLog(bearer)
  const later = { clientId: clientId(), sendAt: Date.now() + 86_400_000, text: 'later' }
  const asking = { url: urls[0], bearer, ears: new Ears() }
  const answer = await callRest(asking, 'scheduled.create', { channelId, ...later })
  if (!answer.ok) throw new Error(`${id} could not schedule a message.`)
  return later.clientId
}

/** So that something shows whether somebody's presence is seen. */
async function hasStatus(id: string): Promise<void> {
  const { urls, secret } = theTarget()
  const bearer = goodToken(secret, id)
  mustStayOutOfTheLog(bearer)
  const answer = await callRest({ url: urls[0], bearer, ears: new Ears() }, 'presence.set', {
    status: { text: 'witnessing' },
  })
  if (!answer.ok) throw new Error(`${id} could not say what they are doing.`)
}

function bearersOf(ids: Readonly<Record<(typeof ROLES)[number], string>>): Stage['bearers'] {
  const { secret, apiKey, readKey } = theTarget()
  const token = (id: string) => goodToken(secret, id)
  const bearers = {
    anonymous: null,
    badSignature: withBrokenSignature(token(ids.owner)),
    expired: tokenEndingIn(secret, ids.owner, -60),
    revoked: token(ids.revoked),
    otherInstallation: goodToken(`${secret}-of-another`, ids.owner),
    nonMember: token(ids.nonMember),
    removed: token(ids.removed),
    member: token(ids.member),
    moderatorElsewhere: token(ids.moderatorElsewhere),
    owner: token(ids.owner),
    readOnlyKey: readKey,
    fullKey: apiKey,
  }
  for (const bearer of Object.values(bearers)) if (bearer !== null) mustStayOutOfTheLog(bearer)
  return bearers
}

/** Things of the same form that nobody ever made. */
export const thingsThatNeverWere = (): Things => {
  const letters = randomLetters(10)
  return {
    channelId: unknownId(),
    messageId: unknownId(),
    witnessId: `witness-${letters}`,
    ownerId: `owner-${letters}`,
    strangerId: `stranger-${letters}`,
    scheduledId: clientId(),
    letters,
  }
}

/** Everything that an outsider could have changed, as the app's server sees it. */
export async function stateOf({ channelId, witnessId, strangerId }: Things): Promise<unknown> {
  return Promise.all([
    appDoes('channel.get', { channelId }),
    appDoes('member.list', { channelId }),
    appDoes('message.history', { channelId }),
    appDoes('user.query', { ids: [witnessId, strangerId] }),
    appDoes('channel.list', { userId: strangerId }),
  ])
}
