import type { DatabaseSync } from 'node:sqlite'
import { LONG_AGO } from './fill.ts'

/**
 * `users` people and `channels` groups; everybody is in `channelsEach` of them, spread evenly, so that a channel has
 * `users * channelsEach / channels` members.
 */
export interface Town {
  readonly users: number
  readonly channels: number
  readonly channelsEach: number
}

// Below every id that a server gives out today.
const FIRST_UID = 1_000_000_000
const FIRST_CHANNEL = 2_000_000_000

export const userId = (user: number): string => `user-${user}`
export const uidOf = (user: number): string => String(FIRST_UID + user)
export const channelId = (channel: number): string => String(FIRST_CHANNEL + channel)

/** The head of every channel of a new town: its creation and its members' joins. */
export const headOf = ({ users, channels, channelsEach }: Town): number =>
  1 + Math.ceil((users * channelsEach) / channels)

/** The channels of one user, in the order in which they joined them. */
function channelsOf({ channels, channelsEach }: Town, user: number): number[] {
  const step = channels / Math.max(channelsEach, 1)
  return Array.from({ length: channelsEach }, (_, nth) => Math.floor(user + nth * step) % channels)
}

export function seedTown(db: DatabaseSync, town: Town): void {
  const members = seedMembers(db, town)
  seedUsers(db, town)
  seedChannels(db, town, members)
}

function seedUsers(db: DatabaseSync, { users, channelsEach }: Town): void {
  const addUser = db.prepare(
    `INSERT INTO users (uid, id, name, folded_name, avatar, custom, private_custom, version, created_at, updated_at)
     VALUES (?, ?, ?, ?, NULL, '{}', '{}', 0, ?, ?)`,
  )
  const addStream = db.prepare(
    `INSERT INTO streams (id, owner, epoch, seq) VALUES (?, 'user', 1, ?)`,
  )
  for (let user = 0; user < users; user++) {
    const id = userId(user)
    addUser.run(uidOf(user), id, `User ${user}`, `user ${user}`, LONG_AGO, LONG_AGO)
    addStream.run(uidOf(user), channelsEach)
  }
}

/** Returns how many members each channel got. */
function seedMembers(db: DatabaseSync, town: Town): Uint32Array {
  const addMember = db.prepare(
    `INSERT INTO members (channel_id, uid, role, state, version, joined_at, joined_seq, visible_from)
     VALUES (?, ?, 'member', 'joined', ?, ?, ?, 0)`,
  )
  const addMembership = db.prepare(
    `INSERT INTO memberships (uid, channel_id, state, version, visible_from) VALUES (?, ?, 'joined', ?, 0)`,
  )
  const counts = new Uint32Array(town.channels)
  for (let user = 0; user < town.users; user++) {
    for (const [nth, channel] of channelsOf(town, user).entries()) {
      const count = (counts[channel] ?? 0) + 1
      counts[channel] = count
      addMember.run(channelId(channel), uidOf(user), 1 + count, LONG_AGO, 1 + count)
      addMembership.run(uidOf(user), channelId(channel), 1 + nth)
    }
  }
  return counts
}

function seedChannels(db: DatabaseSync, { channels }: Town, members: Uint32Array): void {
  const addChannel = db.prepare(
    `INSERT INTO channels (id, type, people, name, folded_name, custom, history, member_count, owner_count, version,
       created_by, created_at, updated_at)
     VALUES (?, 'group', '[]', ?, ?, '{}', 'all', ?, 0, ?, NULL, ?, ?)`,
  )
  const addStream = db.prepare(
    `INSERT INTO streams (id, owner, epoch, seq) VALUES (?, 'channel', 1, ?)`,
  )
  for (let channel = 0; channel < channels; channel++) {
    const count = members[channel] ?? 0
    const at = LONG_AGO + channel
    addChannel.run(
      channelId(channel),
      `Channel ${channel}`,
      `channel ${channel}`,
      count,
      1 + count,
      at,
      at,
    )
    addStream.run(channelId(channel), 1 + count)
  }
}
