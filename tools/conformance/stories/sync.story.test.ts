import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Output } from '../src/contract.ts'
import { callRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import { clientId, unknownId } from '../src/names.ts'

const only = ({ channels }: Output<'sync.pull'>) => {
  const [sync] = channels
  if (!sync) throw new Error('A pull about one channel told nothing of it.')
  return sync
}

bothDoors(
  'a cursor at the head is the same, an older one gets what changed [SYNC-3, SYNC-5]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id } = await opensGroup([bob])
    const one = await alice.says(id, 'one')
    const two = await alice.says(id, 'two')
    expect(
      only(await bob.does('sync.pull', { channels: [{ id, epoch: 1, seq: two.seq }] })),
    ).toEqual({ status: 'same', id, epoch: 1, seq: two.seq })
    expect(
      only(await bob.does('sync.pull', { channels: [{ id, epoch: 1, seq: one.seq }] })),
    ).toMatchObject({
      status: 'delta',
      id,
      from: one.seq,
      through: two.seq,
      messages: [{ id: two.id }],
      members: [],
      users: [{ id: alice.id }],
    })
    await alice.does('message.edit', { channelId: id, messageId: one.id, text: 'uno' })
    await alice.does('message.edit', { channelId: id, messageId: one.id, text: 'eins' })
    await alice.does('message.delete', { channelId: id, messageId: two.id })
    await alice.does('channel.update', { channelId: id, name: 'Numbers' })
    await alice.does('member.add', { channelId: id, members: [{ userId: charlie.id }] })
    const delta = only(await bob.does('sync.pull', { channels: [{ id, epoch: 1, seq: two.seq }] }))
    expect(delta).toMatchObject({
      status: 'delta',
      channel: { name: 'Numbers', memberCount: 3 },
      members: [{ userId: charlie.id }],
    })
    const rows = delta.status === 'delta' ? delta.messages : []
    expect(
      rows.map(({ text, deletedAt, system }) => text ?? system?.event ?? Boolean(deletedAt)).sort(),
    ).toEqual(['eins', 'joined', 'renamed', true])
  },
)

bothDoors(
  'without a cursor a channel begins with its newest window [SYNC-6, RANGE-2]',
  async ({ alice, bob, server, opensGroup }) => {
    const { id } = await opensGroup([bob])
    for (let index = 0; index < 60; index++)
      await server.does('message.send', {
        channelId: id,
        clientId: clientId(),
        text: `number ${index}`,
        author: alice.id,
      })
    const reset = only(await bob.does('sync.pull', { channels: [{ id }] }))
    expect(reset).toMatchObject({
      status: 'reset',
      reason: 'first',
      through: 63,
      hasOlder: true,
      tombstones: [],
      purge: false,
      me: { userId: bob.id },
    })
    if (reset.status === 'reset')
      expect(reset.messages.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 50 }, (_, index) => 14 + index),
      )
  },
)

bothDoors(
  'a cursor that never was starts over, with everything purged [SYNC-6, SYNC-7]',
  async ({ alice, opensGroup }) => {
    const { id } = await opensGroup([])
    await alice.says(id, 'one')
    for (const cursor of [{ epoch: 1, seq: 999 }])
      expect(only(await alice.does('sync.pull', { channels: [{ id, ...cursor }] }))).toMatchObject({
        status: 'reset',
        reason: 'unknown',
        purge: true,
        tombstones: [],
      })
    expect(
      only(await alice.does('sync.pull', { channels: [{ id, epoch: 77, seq: 1 }] })),
    ).toMatchObject({ status: 'reset', reason: 'epoch', purge: true })
    expect(await alice.does('sync.pull', { user: { epoch: 1, seq: 999 } })).toMatchObject({
      user: { status: 'reset', reason: 'unknown' },
    })
  },
)

story(
  'more than 500 changed rows are a reset that names what was deleted [SYNC-5, SYNC-8]',
  async ({ alice, bob, target, opensGroup, holds }) => {
    const { id } = await opensGroup([bob])
    const doomed = await alice.says(id, 'doomed')
    const app = { url: target.urls[0], bearer: target.apiKey, ears: new Ears() }
    const say = (index: number) =>
      callRest(app, 'message.send', {
        channelId: id,
        clientId: clientId(),
        text: `number ${index}`,
        author: alice.id,
      })
    await Promise.all(Array.from({ length: 500 }, (_, index) => say(index)))
    expect(
      only(await bob.reads('sync.pull', { channels: [{ id, epoch: 1, seq: doomed.seq }] })),
    ).toMatchObject({ status: 'delta' })
    await alice.does('message.delete', { channelId: id, messageId: doomed.id })
    expect(
      only(await bob.reads('sync.pull', { channels: [{ id, epoch: 1, seq: doomed.seq }] })),
    ).toMatchObject({
      status: 'reset',
      reason: 'too_far',
      tombstones: [doomed.id],
      purge: false,
      hasOlder: true,
    })
    await holds()
  },
)

bothDoors(
  'a channel that is not there and one that is not yours are the same [SYNC-9, VIS-6]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id } = await opensGroup([bob])
    const unknown = unknownId()
    const { channels } = await charlie.does('sync.pull', {
      channels: [{ id }, { id: unknown }, { id: unknownId(), epoch: 1, seq: 3 }],
    })
    expect(channels.map((sync) => ({ ...sync, id: '' }))).toEqual(
      Array(3).fill({ status: 'gone', id: '', reason: 'unknown' }),
    )
    await alice.does('member.add', { channelId: id, members: [{ userId: charlie.id }] })
    await charlie.does('member.leave', { channelId: id })
    expect(only(await charlie.does('sync.pull', { channels: [{ id, epoch: 1, seq: 1 }] }))).toEqual(
      { status: 'gone', id, reason: 'left' },
    )
  },
)

bothDoors('a question beyond its bounds is refused [SYNC-12, VAL-5]', async ({ alice }) => {
  const many = Array.from({ length: 201 }, () => ({ id: unknownId() }))
  const id = unknownId()
  for (const input of [
    { channels: many },
    { channels: [{ id }, { id }] },
    { channels: [{ id, seq: 1 }] },
    { channels: [{ id, epoch: 0, seq: 1 }] },
    { user: { epoch: 1 } },
    { more: 1 },
  ])
    await alice.isRefused('sync.pull', input, 'bad_request')
  const { channels } = await alice.does('sync.pull', { channels: many.slice(1) })
  expect(channels).toHaveLength(200)
  expect(channels.map((sync) => sync.id)).toEqual(many.slice(1).map((one) => one.id))
})

bothDoors(
  'the own stream tells of profile and channels [SYNC-13, EVT-6]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const start = await bob.does('sync.pull', { user: null })
    expect(start).toMatchObject({
      user: {
        status: 'reset',
        reason: 'first',
        through: 0,
        joined: [],
        hasMore: false,
        user: { id: bob.id },
      },
      channels: [],
    })
    expect(await bob.does('sync.pull', {})).toEqual({ user: null, channels: [] })

    const { id } = await opensGroup([bob])
    const { id: second } = await opensGroup([bob])
    await alice.does('member.remove', { channelId: second, userId: bob.id })
    await server.does('user.upsert', { users: [{ id: bob.id, name: 'Robert' }] })
    const { user } = await bob.does('sync.pull', { user: { epoch: 1, seq: 0 } })
    expect(user).toMatchObject({
      status: 'delta',
      from: 0,
      through: 4,
      user: { name: 'Robert' },
      joined: [{ channel: { id }, me: { userId: bob.id } }],
      left: [{ channelId: second, reason: 'removed' }],
    })
    expect(await bob.does('sync.pull', { user: { epoch: 1, seq: 4 } })).toMatchObject({
      user: { status: 'same', seq: 4 },
    })
    expect(await charlie.does('sync.pull', { user: { epoch: 1, seq: 0 } })).toMatchObject({
      user: { status: 'same' },
    })
    await charlie.seesNothingOf(bob.id, id)
  },
)

story(
  'more than 50 changed channels in the own stream are a reset with the most recent ones [SYNC-5]',
  async ({ alice, bob, holds }) => {
    const make = () =>
      alice.ask('channel.create', { clientId: clientId(), members: [{ userId: bob.id }] }, 'rest')
    await Promise.all(Array.from({ length: 50 }, make))
    expect(await bob.reads('sync.pull', { user: { epoch: 1, seq: 0 } })).toMatchObject({
      user: { status: 'delta' },
    })
    await make()
    const { user } = await bob.reads('sync.pull', { user: { epoch: 1, seq: 0 } })
    expect(user).toMatchObject({ status: 'reset', reason: 'too_far', hasMore: true, through: 51 })
    if (user?.status === 'reset') expect(user.joined).toHaveLength(50)
    await holds()
  },
)
