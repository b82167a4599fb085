import type { ChannelListItem, ChannelSync, Member, Message, UserSync } from '@tertulia/protocol'
import type { Stage } from './acting.ts'
import { isSame } from './checker/channelHistory.ts'
import { demand, type Promised, Violation } from './checker/violation.ts'
import type { Outcome } from './client/surroundings.ts'
import type { SimDevice } from './world/simDevice.ts'
import type { World } from './world/world.ts'

/** Longer than it takes a client to notice a silent break and to come back with the longest back-off. */
const PATIENCE_MS = 240_000
/** Longer than a call may take with its last try. */
const LAST_CALLS_MS = 12_000

/** The faults end. Everything must come to rest in the same state everywhere (I-8, I-16, I-17). */
export async function heal(stage: Stage): Promise<void> {
  const { world, devices } = stage
  world.heal()
  if (!world.server) await runUntil(world, () => world.server !== null)
  for (const device of devices) {
    device.speedUp()
    device.goOnline()
    for (const id of device.client.channels.keys()) device.client.setInterest(id, 'full')
  }
  await world.runUntil(world.schedule.now + LAST_CALLS_MS)
  await runUntil(world, () => devices.every((device) => device.isReachable()))
  refreshHeads(stage)
  await runUntil(world, () => devices.every((device) => whatIsMissing(world, device) === null))
  for (const device of devices) {
    const missing = whatIsMissing(world, device)
    if (missing)
      throw new Violation(missing.promise, `${device.name} ${missing.what}, long after the faults`)
  }
  world.checker.sends.final()
  for (const device of devices) await compare(world, device)
}

/**
 * A bus may have lost the last event of a stream. Whoever connects makes the server read its head; all others must
 * hear of it by a heartbeat.
 */
function refreshHeads({ world, devices }: Stage): void {
  const firsts = new Map(devices.map((device) => [device.userId, device]))
  for (const { client, name } of firsts.values()) {
    world.tell(() => `${name} connects again`)
    client.session.disconnect()
    client.session.connect()
  }
}

async function runUntil(world: World, isDone: () => boolean): Promise<void> {
  const end = world.schedule.now + PATIENCE_MS
  while (!isDone() && world.schedule.now < end) await world.runUntil(world.schedule.now + 500)
}

interface Missing {
  readonly promise: Promised
  readonly what: string
}

function whatIsMissing({ checker }: World, { client, userId }: SimDevice): Missing | null {
  const { epoch, own, channels } = checker.truth.now
  const ownHead = own.get(userId)?.head ?? 0
  const late = (promise: Promised, what: string): Missing => ({ promise, what })
  if (!client.session.isOpen()) return late('I-16', 'is not connected')
  if (!isAt(client.ownFollower.cursor, epoch, ownHead))
    return late('I-16', `is not at ${ownHead} of its own stream`)
  for (const id of client.own.list.keys()) {
    const head = channels.get(id)?.head ?? 0
    const cursor = client.channels.get(id)?.follower.cursor ?? null
    if (!isAt(cursor, epoch, head))
      return late('I-16', `is at ${JSON.stringify(cursor)}, not ${epoch}/${head}, of ${id}`)
  }
  const [entry] = client.queue.entries
  return entry
    ? late('I-17', `still has ${entry.clientId} in its send queue, ${entry.state}`)
    : null
}

const isAt = (cursor: { epoch: number; seq: number } | null, epoch: number, seq: number) =>
  cursor?.epoch === epoch && cursor.seq === seq

/** What the device holds against what a new device would get now (I-8). */
async function compare(world: World, device: SimDevice): Promise<void> {
  const { client, name } = device
  const channels = [...client.own.list.keys()].map((id) => ({ id }))
  const fresh = await ask(world, device.userId, { user: null, channels })
  const { user } = fresh
  demand(
    user.status === 'reset',
    'I-8',
    () => `${name}: a first start was answered with ${user.status}`,
  )
  const listed = user.joined.map(({ channel }) => channel.id).sort()
  demand(
    isSame(listed, [...client.own.list.keys()].sort()),
    'I-8',
    () => `${name}: the list should be ${listed}`,
  )
  demand(isSame(user.user, client.own.user), 'I-8', () => `${name}: the profile differs`)
  const scheduled = user.scheduled.map((mark) => [
    `${mark.channelId}/${mark.clientId}`,
    mark.version,
  ])
  demand(
    isSame(scheduled.sort(), [...client.own.scheduled].sort()),
    'I-8',
    () =>
      `${name}: scheduled is ${JSON.stringify([...client.own.scheduled])}, not ${JSON.stringify(scheduled)}`,
  )
  for (const item of user.joined) compareListed(device, item)
  demand(
    client.channels.size === listed.length,
    'I-8',
    () => `${name}: follows channels that are not in the list`,
  )
  for (const sync of fresh.channels) compareChannel(world, device, sync)
}

/** What the user read and chose, on whichever device. */
function compareListed(
  { client, name }: SimDevice,
  { channel, read, arrangement }: ChannelListItem,
): void {
  const held = client.own.list.get(channel.id)
  const due = { seq: read?.seq, unreadFrom: read?.unreadFrom }
  demand(
    isSame(held?.read, due) && isSame(held?.arrangement, arrangement),
    'I-8',
    () =>
      `${name}: ${channel.id} is ${JSON.stringify(held)} in the list, not ${JSON.stringify({ read: due, arrangement })}`,
  )
}

function compareChannel(world: World, { client, name }: SimDevice, sync: ChannelSync): void {
  demand(
    sync.status === 'reset',
    'I-8',
    () => `${name}: ${sync.id} was answered with ${sync.status}`,
  )
  const copy = client.channels.get(sync.id)?.copy
  demand(copy !== undefined, 'I-8', () => `${name}: ${sync.id} is not followed`)
  const differ = (what: string, held: unknown, due: unknown) =>
    demand(
      isSame(held, due),
      'I-8',
      () => `${name}: ${what} of ${sync.id} is ${JSON.stringify(held)}, not ${JSON.stringify(due)}`,
    )
  const isLeftOut = ({ id, seq }: Message) => !copy.messages.has(id) && copy.wasLeftOut(seq)
  const told = sync.messages.filter((message) => !isLeftOut(message))
  const lastTold = told.length < sync.messages.length ? copy.channel : sync.channel
  differ('the channel', copy.channel, {
    ...sync.channel,
    lastMessageAt: lastTold?.lastMessageAt ?? null,
  })
  differ('the own membership', copy.me, sync.me)
  for (const message of told)
    differ(`message ${message.seq}`, copy.messages.get(message.id), message)
  const due = world.checker.truth.now.channels.get(sync.id)?.members ?? new Map<string, Member>()
  for (const [userId, member] of copy.members) differ(`member ${userId}`, member, due.get(userId))
}

interface Fresh {
  readonly user: UserSync
  readonly channels: readonly ChannelSync[]
}

/** Asks as often as the server's rates demand, but not for ever. */
async function ask(world: World, userId: string, input: object): Promise<Fresh> {
  const end = world.schedule.now + PATIENCE_MS
  while (world.schedule.now < end) {
    const outcome = await askOnce(world, userId, input)
    if (outcome?.kind === 'answer') return outcome.data as Fresh
    const wait = outcome?.kind === 'refusal' ? outcome.retryAfterMs : 0
    await world.runUntil(world.schedule.now + Math.max(wait, 100))
  }
  throw new Violation('I-8', `${userId} got no fresh snapshot`)
}

async function askOnce(world: World, userId: string, input: object): Promise<Outcome | null> {
  const box: { outcome: Outcome | null } = { outcome: null }
  world.rest(userId, 'sync.pull', {
    input,
    done: (outcome) => {
      box.outcome = outcome
    },
  })
  const end = world.schedule.now + LAST_CALLS_MS
  while (!box.outcome && world.schedule.now < end && (await world.step()));
  return box.outcome
}
