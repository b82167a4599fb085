import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Input } from '../src/contract.ts'
import type { Person } from '../src/person.ts'

const NOTHING = { muted: null, pinnedAt: null, hiddenUpTo: null, archivedAt: null }

const arrangementOf = async (person: Person, channelId: string) =>
  (await person.reads('channel.get', { channelId })).arrangement

const listed = async (person: Person, question: Input<'channel.list'> = {}) =>
  (await person.does('channel.list', question)).channels.map(({ channel }) => channel.id)

/** A time that stands nowhere else, so that it is found wherever it is told. */
const someday = () => 4_000_000_000_000 + Math.floor(Math.random() * 1e12)

bothDoors(
  'what a member chose about a channel is replaced field by field, and seen by nobody else [ARR-1, ARR-2, ARR-9]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    expect(await arrangementOf(alice, channelId)).toEqual(NOTHING)
    const until = someday()
    const { arrangement } = await alice.does('channel.arrange', {
      channelId,
      muted: { until },
      pinned: true,
    })
    const pinnedAt = expect.any(Number)
    expect(arrangement).toEqual({ ...NOTHING, muted: { until }, pinnedAt })
    expect(alice.own?.state.channels[channelId]?.arrangement).toEqual(arrangement)
    expect(await alice.does('channel.arrange', { channelId, pinned: true })).toEqual({
      arrangement,
    })
    const archived = await alice.does('channel.arrange', {
      channelId,
      muted: {},
      pinned: false,
      archived: true,
    })
    expect(archived.arrangement).toEqual({
      ...NOTHING,
      muted: { until: null },
      archivedAt: expect.any(Number),
    })
    expect(await arrangementOf(alice, channelId)).toEqual(archived.arrangement)
    expect(
      await alice.does('channel.arrange', { channelId, muted: null, archived: false }),
    ).toEqual({ arrangement: NOTHING })
    expect(alice.own?.told.filter(({ name }) => name === 'channel.arranged')).toHaveLength(3)

    expect(await arrangementOf(bob, channelId)).toEqual(NOTHING)
    await bob.seesNothingOf(String(until), 'channel.arranged')
    await charlie.isRefused('channel.arrange', { channelId, pinned: true }, 'channel.not_found')
    await charlie.seesNothingOf(channelId, String(until))
  },
)

bothDoors(
  'a hidden channel comes back with the next message, and an archived one when it is taken back [ARR-4, ARR-5, ARR-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await bob.says(channelId, 'before')
    await alice.does('channel.arrange', { channelId, hidden: true })
    expect(await listed(alice)).toEqual([])
    expect(await listed(alice, { show: 'hidden' })).toEqual([channelId])
    expect(await listed(alice, { show: 'archived' })).toEqual([])
    expect(await listed(alice, { show: 'all' })).toEqual([channelId])
    expect(await listed(bob), 'it is hidden for alice alone').toEqual([channelId])
    await bob.says(channelId, 'after')
    expect(await listed(alice)).toEqual([channelId])
    expect(await listed(alice, { show: 'hidden' })).toEqual([])

    await alice.does('channel.arrange', { channelId, archived: true, hidden: true })
    await bob.says(channelId, 'in vain')
    expect(await listed(alice)).toEqual([])
    expect(await listed(alice, { show: 'hidden' })).toEqual([])
    expect(await listed(alice, { show: 'archived' })).toEqual([channelId])
    await alice.does('channel.arrange', { channelId, archived: false })
    expect(await listed(alice)).toEqual([channelId])
    await alice.does('channel.arrange', { channelId, hidden: true })
    await alice.does('channel.arrange', { channelId, hidden: false })
    expect(await listed(alice)).toEqual([channelId])
  },
)

bothDoors('pinned channels are asked for by themselves, in pages [ARR-3]', async (cast) => {
  const { alice, bob, opensGroup } = cast
  const ids: string[] = []
  for (let at = 0; at < 4; at++) ids.unshift((await opensGroup([bob])).id)
  const [newest = '', second = '', third = '', oldest = ''] = ids
  for (const channelId of [newest, third, oldest])
    await alice.does('channel.arrange', { channelId, pinned: true })
  expect(await listed(alice)).toEqual(ids)
  expect(await listed(alice, { pinned: false })).toEqual([second])
  const page = await alice.does('channel.list', { pinned: true, limit: 2 })
  expect(page.channels.map(({ channel }) => channel.id)).toEqual([newest, third])
  const next = { cursor: page.next ?? '', limit: 2 }
  expect(await listed(alice, { pinned: true, ...next })).toEqual([oldest])
  await alice.isRefused('channel.list', { pinned: false, ...next }, 'bad_request')
  await alice.isRefused('channel.list', { pinned: true, show: 'all', ...next }, 'bad_request')
  expect(await listed(bob, { pinned: true }), 'they are pinned for alice alone').toEqual([])
})

bothDoors(
  'a quiet channel adds its mentions to the total and nothing else [ARR-7]',
  async ({ alice, bob, opensGroup }) => {
    const { id: loud } = await opensGroup([bob])
    const { id: channelId } = await opensGroup([bob])
    await bob.says(loud, 'one')
    await bob.says(channelId, 'two')
    await bob.says(channelId, '@alice three', {
      mentions: [{ kind: 'user', userId: alice.id, start: 0, length: 6 }],
    })
    const all = { unread: 3, mentions: 1, channels: 2, more: false }
    const loudOnly = { unread: 1, mentions: 1, channels: 1, more: false }
    expect(await alice.does('unread.total', {})).toEqual(all)
    for (const [quiet, back] of [
      [{ muted: {} }, { muted: null }],
      [{ muted: { until: someday() } }, { muted: null }],
      [{ hidden: true }, { hidden: false }],
      [{ archived: true }, { archived: false }],
    ]) {
      await alice.does('channel.arrange', { channelId, ...quiet })
      expect(await alice.does('unread.total', {}), JSON.stringify(quiet)).toEqual(loudOnly)
      const { read } = await alice.reads('channel.get', { channelId })
      expect(read).toMatchObject({ unread: 2, mentions: 1 })
      await alice.does('channel.arrange', { channelId, ...back })
      expect(await alice.does('unread.total', {})).toEqual(all)
    }
  },
)

bothDoors('whoever joins again has chosen nothing [ARR-8]', async ({ alice, bob, opensGroup }) => {
  const { id: channelId } = await opensGroup([bob])
  const choice = { muted: {}, pinned: true, hidden: true, archived: true }
  await bob.does('channel.arrange', { channelId, ...choice })
  await bob.does('member.leave', { channelId })
  await bob.isRefused('channel.arrange', { channelId, ...choice }, 'channel.not_found')
  await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
  expect(await arrangementOf(bob, channelId)).toEqual(NOTHING)
  expect(await listed(bob)).toEqual([channelId])
})

story(
  'every device of a user hears what was chosen on another one, and sync brings it to one that was away [ARR-6, ARR-9]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { line } = await bob.connects()
    const { user: before } = await bob.reads('sync.pull', { user: null })
    if (before?.status !== 'reset') throw new Error('A first pull was not a reset.')
    const until = someday()
    await bob.does('channel.arrange', { channelId, muted: { until }, archived: true })
    const told = await line.sees('event', ({ name }) => name === 'channel.arranged')
    const arrangement = { ...NOTHING, muted: { until }, archivedAt: expect.any(Number) }
    expect(told).toMatchObject({ channel: '@me', data: { channelId, arrangement } })
    const cursor = { epoch: before.epoch, seq: before.through }
    const { user: since } = await bob.reads('sync.pull', { user: cursor })
    expect(since).toMatchObject({ status: 'delta', joined: [{ arrangement }], left: [] })
    await alice.seesNothingOf('channel.arranged', String(until))
  },
)
