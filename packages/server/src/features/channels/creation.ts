import {
  ChatError,
  channelCreated,
  type createChannel,
  type getOrCreateChannel,
  type InputOf,
} from '@tertulia/protocol'
import { type Actor, byOf } from '../../kernel/actor.ts'
import type { Settings } from '../../kernel/handlers.ts'
import type { ChannelTypeConfig } from '../../kernel/permissions/channelTypes.ts'
import type { Announce, Tx } from '../../kernel/transaction.ts'
import { folded } from '../../store/folded.ts'
import { type ChannelRow, channelById, isDisabled, publicChannel } from '../access/index.ts'
import { refuseToBring } from '../blocks/index.ts'
import { joinMember, peopleOf, type Roster } from '../members/index.ts'
import { channelByPeople, insertChannel } from './channels.store.ts'

type Wish =
  | Omit<InputOf<typeof createChannel>, 'clientId'>
  | Omit<InputOf<typeof getOrCreateChannel>, 'key'>

export interface Creation {
  readonly tx: Tx
  readonly announce: Announce
  readonly actor: Actor
  readonly settings: Settings
  readonly wish: Wish
  readonly key: string | null
}

export interface Created {
  readonly channel: ChannelRow
  readonly created: boolean
}

/** Creates a channel with its first people; for `direct` gives back the one that these people have already. */
export async function create(creation: Creation): Promise<Created> {
  const config = typeOf(creation)
  const people = await firstPeople(creation, config)
  if (!config.direct)
    return { channel: await insert(creation, { config, people, peopleKey: null }), created: true }

  refuseOddDirect(creation, people.length)
  const peopleKey = people.map(({ user }) => user.uid).join(',')
  const present = await channelByPeople(creation.tx, peopleKey)
  if (present) {
    if (isDisabled(present) && creation.actor.kind === 'user')
      throw new ChatError('channel.disabled')
    return { channel: present, created: false }
  }
  return { channel: await insert(creation, { config, people, peopleKey }), created: true }
}

function typeOf({ settings, actor, wish }: Creation): ChannelTypeConfig {
  const config = Object.hasOwn(settings.channelTypes, wish.type)
    ? settings.channelTypes[wish.type]
    : undefined
  if (!config)
    throw new ChatError('bad_request', {
      details: { fields: [{ path: 'type', message: 'unknown channel type' }] },
    })
  if (actor.kind === 'user' && config.create === 'server') throw new ChatError('forbidden')
  return config
}

type People = Awaited<ReturnType<typeof peopleOf<'owner' | 'moderator' | 'member'>>>

/** The named people and the creating user, who owns what has owners. */
async function firstPeople(
  { tx, actor, wish }: Creation,
  { direct }: ChannelTypeConfig,
): Promise<People> {
  const named = wish.members.filter(({ userId }) => actor.kind === 'server' || userId !== actor.id)
  const creator = actor.kind === 'user' ? [{ userId: actor.id, role: 'owner' as const }] : []
  const people = await peopleOf(tx, [...creator, ...named])
  return direct ? people.map(({ user }) => ({ user, role: 'member' as const })) : people
}

function refuseOddDirect({ wish, key, settings }: Creation, people: number): void {
  const fields = []
  if (people < 2 || people > settings.limits.directPeople)
    fields.push({
      path: 'members',
      message: `a direct channel has 2 to ${settings.limits.directPeople} people`,
    })
  // A name would let whoever comes first pass as somebody else, for good: nobody renames a direct channel.
  if (wish.name !== null) fields.push({ path: 'name', message: 'a direct channel has no name' })
  if (key !== null)
    fields.push({ path: 'key', message: 'a direct channel is known by its people, not by a key' })
  if (wish.members.some(({ role }) => role !== 'member'))
    fields.push({ path: 'members', message: 'a direct channel has no roles' })
  if (fields.length > 0) throw new ChatError('bad_request', { details: { fields } })
}

interface Shape {
  readonly config: ChannelTypeConfig
  readonly people: People
  readonly peopleKey: string | null
}

async function insert(
  creation: Creation,
  { config, people, peopleKey }: Shape,
): Promise<ChannelRow> {
  const { tx, announce, actor, settings, wish, key } = creation
  const users = people.map(({ user }) => user)
  await refuseToBring(tx, actor, { people: users, direct: config.direct })
  const id = tx.newId()
  const stream = tx.startStream(id, 'channel')
  const slot = stream.take()
  insertChannel.put(tx, {
    id,
    type: wish.type,
    key,
    peopleKey,
    people: JSON.stringify(config.direct ? people.map(({ user }) => user.id) : []),
    name: wish.name,
    folded: wish.name === null ? null : folded(wish.name),
    custom: JSON.stringify(wish.custom),
    history: wish.history ?? config.history,
    slowSeconds: config.slowMode?.seconds ?? null,
    slowBurst: config.slowMode?.burst ?? null,
    version: slot.seq,
    createdBy: byOf(actor),
    at: tx.now,
  })
  const channel = await channelById(tx, id)
  if (!channel) throw new Error('A channel was not stored.')
  announce(slot, channelCreated, { channel: publicChannel(channel) }, { by: byOf(actor) })

  const roster: Roster = { tx, announce, settings, stream, channel }
  for (const { user, role } of people) await joinMember(roster, { user, role, by: byOf(actor) })
  return roster.channel
}
