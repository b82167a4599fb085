import type { Presence } from '@tertulia/protocol'
import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

const OFFLINE = { state: 'offline', lastActiveAt: null, status: null } as const

const isActive = ({ line }: Person) => line.say({ type: 'active' })

/** Watches the others and gives back what is seen of them. */
const watches = async (person: Person, ...others: readonly { readonly id: string }[]) =>
  (await person.does('presence.watch', { userIds: others.map(({ id }) => id) })).presences

/** Waits until the last value that somebody was told of a user is like this. */
const isTold = (person: Person, { id }: { readonly id: string }, wanted: Partial<Presence>) =>
  until(`${person.id} sees ${id} as ${JSON.stringify(wanted)}`, () => {
    person.line.check()
    const last = toldOf(person, id).at(-1)
    return last && Object.entries(wanted).every(([field, value]) => last[field as never] === value)
      ? last
      : null
  })

const toldOf = ({ line }: Person, userId: string) =>
  line.frames
    .flatMap((frame) => (frame.type === 'presence' ? frame.presences : []))
    .filter((one) => one.userId === userId)

story(
  'whoever shares a channel and watches sees who is there; a connection alone is nobody [PRES-1, PRES-2, PRES-3, PRES-5]',
  async ({ alice, bob, charlie, opensGroup }) => {
    await opensGroup([bob])
    const [seen] = await watches(bob, alice)
    expect(seen).toEqual({ userId: alice.id, ...OFFLINE, state: 'away' })
    expect(await watches(charlie, alice, { id: 'nobody-at-all' })).toEqual([
      { userId: alice.id, ...OFFLINE },
      { userId: 'nobody-at-all', ...OFFLINE },
    ])
    isActive(alice)
    await isTold(bob, alice, { state: 'online', lastActiveAt: null })
    const desk = await alice.connects()
    await alice.goesAway()
    await desk.line.hangUp()
    const gone = await isTold(bob, alice, { state: 'offline' })
    expect(gone.lastActiveAt).toBeGreaterThan(1_700_000_000_000)
    expect((gone.lastActiveAt ?? 1) % 60_000).toBe(0)
    await alice.comesBack()
    isActive(alice)
    await isTold(bob, alice, { state: 'online' })
    expect(toldOf(bob, alice.id).map(({ state }) => state)).toEqual(['online', 'offline', 'online'])
    expect(toldOf(charlie, alice.id)).toEqual([])
  },
)

story(
  'who comes to share a channel sees, and who shares none any more does not [PRES-5]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    isActive(alice)
    await watches(charlie, alice)
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    await isTold(charlie, alice, { state: 'online' })
    await alice.does('presence.set', { status: { text: 'among friends' } })
    const { status } = await isTold(charlie, alice, { state: 'online' }).then(() =>
      until('the status is seen', () => toldOf(charlie, alice.id).findLast((one) => one.status)),
    )
    expect(status).toEqual({ text: 'among friends', until: null })
    await alice.does('member.remove', { channelId, userId: charlie.id })
    await isTold(charlie, alice, OFFLINE)
    await watches(bob, alice)
    await alice.does('channel.delete', { channelId })
    await isTold(bob, alice, OFFLINE)
  },
)

bothDoors(
  'somebody invisible is as if they had gone, and what they do is not seen [PRES-6, PRES-9, TYPE-2]',
  async ({ alice, bob, opensGroup, letters }) => {
    const { id: channel } = await opensGroup([bob])
    isActive(alice)
    await alice.line.asks('presence.get', {})
    expect(await watches(bob, alice)).toMatchObject([{ state: 'online' }])
    expect(await watches(alice, alice)).toMatchObject([{ state: 'online' }])
    await alice.does('presence.set', { status: { text: `before ${letters}` } })
    await until('the status is told', () => toldOf(bob, alice.id).findLast((one) => one.status))
    expect(await alice.does('presence.set', { choice: 'invisible' })).toEqual({
      presence: { choice: 'invisible', status: { text: `before ${letters}`, until: null } },
    })
    const gone = await isTold(bob, alice, { state: 'offline' })
    expect(gone.status?.text).toBe(`before ${letters}`)
    expect(gone.lastActiveAt).not.toBeNull()
    await alice.does('presence.set', { status: { text: `hidden ${letters}` } })
    isActive(alice)
    alice.line.say({ type: 'typing', channel, active: true })
    const other = await alice.connects({ channels: [{ id: channel, interest: 'full' }] })
    other.line.say({ type: 'active' })
    other.line.say({ type: 'typing', channel, active: true })
    await other.line.asks('presence.get', {})
    expect(await watches(bob, alice)).toEqual([gone])
    await alice.goesAway()
    await alice.comesBack()
    expect(await alice.does('presence.get', {})).toEqual({
      presence: { choice: 'invisible', status: { text: `hidden ${letters}`, until: null } },
    })
    bob.line.say({ type: 'typing', channel, active: true })
    await alice.line.sees('typing', ({ users }) => users.includes(bob.id))
    expect(bob.line.frames.filter(({ type }) => type === 'typing')).toEqual([])
    expect(toldOf(bob, alice.id).at(-1)).toEqual(gone)
    expect(bob.ears.find([`hidden ${letters}`])).toEqual([])
    await alice.does('presence.set', { choice: 'online' })
    isActive(alice)
    await isTold(bob, alice, { state: 'online' })
    expect(toldOf(bob, alice.id).at(-1)?.status?.text).toBe(`hidden ${letters}`)
  },
)

bothDoors(
  'a status has an end or none, and who chose to be away is never more [PRES-6, PRES-7]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    await opensGroup([bob])
    const soon = Date.now() + 4000
    await alice.does('presence.set', {
      choice: 'away',
      status: { text: `tea ${letters} 🫖`, until: soon },
    })
    isActive(alice)
    expect(await watches(bob, alice)).toEqual([
      {
        userId: alice.id,
        state: 'away',
        lastActiveAt: null,
        status: { text: `tea ${letters} 🫖`, until: soon },
      },
    ])
    await watches(charlie, alice)
    await until('the status has ended', async () => (await watches(bob, alice))[0]?.status === null)
    await alice.does('presence.set', { status: { text: `later ${letters}` } })
    await until('the new status is told', () => toldOf(bob, alice.id).at(-1)?.status)
    expect(toldOf(bob, alice.id).map(({ state }) => state)).not.toContain('online')
    await alice.does('presence.set', { status: null, choice: 'online' })
    await isTold(bob, alice, { state: 'online', status: null })
    await charlie.seesNothingOf(letters)
  },
)

story(
  'the list is replaced as a whole, and ends with the connection [PRES-1]',
  async ({ alice, bob, charlie, opensGroup }) => {
    await opensGroup([bob, charlie])
    await watches(bob, alice, charlie)
    await watches(bob, charlie)
    await alice.does('presence.set', { status: { text: 'unwatched' } })
    await charlie.does('presence.set', { status: { text: 'watched' } })
    await until('charlie is told', () => toldOf(bob, charlie.id).at(-1)?.status)
    expect(toldOf(bob, alice.id)).toEqual([])
    await bob.goesAway()
    await bob.comesBack()
    await watches(alice, charlie)
    await charlie.does('presence.set', { status: { text: 'on another connection' } })
    await until('alice is told', () => toldOf(alice, charlie.id).at(-1)?.status)
    expect(toldOf(bob, charlie.id)).toEqual([])
  },
)

story(
  'presence is counted in large channels only, for those who read them [PRES-8]',
  async ({ alice, bob, charlie, server, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const asks = { channelId }
    expect(await alice.does('presence.count', asks)).toEqual({ online: null })
    await charlie.isRefused('presence.count', asks, 'channel.not_found')
    const crowd = Array.from({ length: 500 }, (_, at) => `crowd-${letters}-${at}`)
    for (let from = 0; from < crowd.length; from += 100) {
      const some = crowd.slice(from, from + 100)
      await server.does('user.upsert', { users: some.map((id) => ({ id })) })
      await server.does('member.add', { channelId, members: some.map((userId) => ({ userId })) })
    }
    isActive(alice)
    isActive(charlie)
    await bob.does('presence.set', { choice: 'invisible' })
    isActive(bob)
    await bob.line.asks('channel.list', {})
    expect(await alice.does('presence.count', asks)).toEqual({ online: 1 })
    expect(await bob.does('presence.count', asks)).toEqual({ online: 1 })
  },
)
