import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Output } from '../src/contract.ts'
import { callRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'a direct channel is its set of people, whoever asks [VIS-9, VIS-8, OP-2]',
  async ({ alice, bob, charlie, server }) => {
    const { channel, created } = await alice.does('channel.create', {
      clientId: clientId(),
      type: 'direct',
      members: [{ userId: bob.id }],
    })
    expect(created).toBe(true)
    expect(new Set(channel.people)).toEqual(new Set([alice.id, bob.id]))
    for (const person of [alice, bob]) await person.watches(channel.id)
    const { members } = await bob.does('member.list', { channelId: channel.id })
    expect(members.map(({ member }) => member.role)).toEqual(['member', 'member'])

    const same = [
      await bob.does('channel.create', {
        clientId: clientId(),
        type: 'direct',
        members: [{ userId: alice.id }],
      }),
      await server.does('channel.create', {
        clientId: clientId(),
        type: 'direct',
        members: [{ userId: bob.id }, { userId: alice.id }],
      }),
    ]
    for (const answer of same)
      expect(answer).toMatchObject({ channel: { id: channel.id }, created: false })
    await charlie.isRefused('channel.get', { channelId: channel.id }, 'channel.not_found')
    await charlie.seesNothingOf(channel.id)
  },
)

story('one more person is another direct channel [VIS-9]', async ({ alice, bob, charlie }) => {
  const two = await alice.does('channel.create', {
    clientId: clientId(),
    type: 'direct',
    members: [{ userId: bob.id }],
  })
  const three = await alice.does('channel.create', {
    clientId: clientId(),
    type: 'direct',
    members: [{ userId: bob.id }, { userId: charlie.id }],
  })
  expect(three.created).toBe(true)
  expect(three.channel.id).not.toBe(two.channel.id)
})

bothDoors(
  'both sides begin at once, fifty times: there is one direct channel each time [VIS-9, DEL-3]',
  async ({ alice, bob, target }) => {
    const app = { url: target.urls[0], bearer: target.apiKey, ears: new Ears() }
    const ids = new Set<string>()
    for (let round = 0; round < 50; round++) {
      const wish = (userId: string) => ({
        clientId: clientId(),
        type: 'direct',
        members: [{ userId }],
      })
      const answers = await Promise.all([
        alice.ask('channel.create', wish(bob.id)),
        bob.ask('channel.create', wish(alice.id)),
      ])
      const made = answers.map((answer) => {
        if (!answer.ok) throw new Error(`Round ${round}: ${JSON.stringify(answer.error)}`)
        return answer.data as Output<'channel.create'>
      })
      expect(
        made.filter(({ created }) => created),
        `round ${round}`,
      ).toHaveLength(1)
      expect(made[0]?.channel.id).toBe(made[1]?.channel.id)
      const id = made[0]?.channel.id ?? ''
      expect(ids.has(id), 'a new channel has a new id').toBe(false)
      ids.add(id)
      expect((await callRest(app, 'channel.delete', { channelId: id })).ok).toBe(true)
    }
  },
)

bothDoors(
  'the people of a direct channel never change [VIS-9]',
  async ({ alice, bob, charlie, server }) => {
    const { channel } = await alice.does('channel.create', {
      clientId: clientId(),
      type: 'direct',
      members: [{ userId: bob.id }],
    })
    const channelId = channel.id
    for (const person of [alice, bob]) await person.watches(channelId)
    for (const voice of [alice, server]) {
      await voice.isRefused(
        'member.add',
        { channelId, members: [{ userId: charlie.id }] },
        'channel.immutable_people',
      )
      await voice.isRefused(
        'member.remove',
        { channelId, userId: bob.id },
        'channel.immutable_people',
      )
      await voice.isRefused(
        'member.update',
        { channelId, userId: bob.id, role: 'owner' },
        'channel.immutable_people',
      )
    }
    await bob.isRefused('member.leave', { channelId }, 'channel.immutable_people')
    await alice.isRefused('channel.update', { channelId, name: 'Ours' }, 'forbidden')
    await alice.isRefused('channel.delete', { channelId }, 'forbidden')
    for (const name of [
      'member.add',
      'member.remove',
      'member.update',
      'member.leave',
      'member.join',
    ] as const) {
      const more = {
        'member.add': { members: [{ userId: charlie.id }] },
        'member.remove': { userId: bob.id },
        'member.update': { userId: bob.id, role: 'owner' },
      }
      await charlie.isRefused(
        name,
        { channelId, ...(more[name as keyof typeof more] ?? {}) },
        'channel.not_found',
      )
    }
  },
)

bothDoors(
  'a direct channel has two to ten people and no roles [VIS-9]',
  async ({ alice, bob, server, letters }) => {
    const wish = (members: object[]) => ({ clientId: clientId(), type: 'direct', members })
    await alice.isRefused('channel.create', wish([]), 'bad_request')
    await alice.isRefused('channel.create', wish([{ userId: alice.id }]), 'bad_request')
    await alice.isRefused(
      'channel.create',
      wish([{ userId: bob.id, role: 'owner' }]),
      'bad_request',
    )
    const crowd = Array.from({ length: 10 }, (_, index) => ({ id: `crowd-${index}-${letters}` }))
    await server.does('user.upsert', { users: crowd })
    await alice.isRefused(
      'channel.create',
      wish(crowd.map(({ id }) => ({ userId: id }))),
      'bad_request',
    )
    const { channel } = await alice.does(
      'channel.create',
      wish(crowd.slice(1).map(({ id }) => ({ userId: id }))) as never,
    )
    expect(channel.people).toHaveLength(10)
  },
)
