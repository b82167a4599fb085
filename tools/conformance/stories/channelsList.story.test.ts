import { expect } from 'vitest'
import { bothDoors } from '../src/cast.ts'
import type { Input, Output } from '../src/contract.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const make = async (
  person: Person,
  name: string | null,
  more: Partial<Input<'channel.create'>> = {},
) => (await person.does('channel.create', { clientId: clientId(), name, ...more })).channel

const idsOf = ({ channels }: Pick<Output<'channel.list'>, 'channels'>) =>
  channels.map(({ channel }) => channel.id)

bothDoors(
  'the own channels come by latest activity, with what was said last [REST-9, OP-6]',
  async ({ alice, bob, charlie, letters }) => {
    const [a, b, c] = [
      await make(alice, 'A'),
      await make(alice, 'B', { members: [{ userId: bob.id }] }),
      await make(alice, 'C'),
    ]
    expect(idsOf(await alice.does('channel.list', {}))).toEqual([c.id, b.id, a.id])
    await alice.says(a.id, 'first')
    await alice.says(b.id, `second ${letters}`)
    const { channels, next } = await alice.does('channel.list', {})
    expect(channels.map(({ channel }) => channel.id)).toEqual([b.id, a.id, c.id])
    expect(channels.map(({ last }) => last?.text ?? null)).toEqual([
      `second ${letters}`,
      'first',
      null,
    ])
    expect(channels.every(({ me }) => me?.role === 'owner')).toBe(true)
    expect(next).toBeNull()

    expect(idsOf(await bob.does('channel.list', {}))).toEqual([b.id])
    expect(await charlie.does('channel.list', {})).toEqual({ channels: [], next: null })
    await charlie.seesNothingOf(letters)
  },
)

bothDoors(
  'pages hold every channel once, and are good for one caller and one question [REST-9]',
  async ({ alice, bob }) => {
    const made = []
    for (let index = 0; index < 7; index++)
      made.push((await make(alice, `N${index}`, { members: [{ userId: bob.id }] })).id)
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const page = await alice.does('channel.list', { limit: 3, ...(cursor ? { cursor } : {}) })
      pages.push(idsOf(page))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1])
    expect(pages.flat()).toEqual(made.reverse())

    const { next } = await alice.does('channel.list', { limit: 3 })
    await bob.isRefused('channel.list', { limit: 3, cursor: next }, 'bad_request')
    await alice.isRefused('channel.list', { type: 'direct', cursor: next }, 'bad_request')
    await alice.isRefused('channel.list', { cursor: `${next}x` }, 'bad_request')
    await alice.isRefused('channel.list', { cursor: 'bm90IGEgY3Vyc29y' }, 'bad_request')
    for (const limit of [0, 101, -1])
      await alice.isRefused('channel.list', { limit }, 'bad_request')
  },
)

bothDoors('a list is narrowed by type and by the beginning of the name', async ({ alice, bob }) => {
  const direct = await make(alice, null, { type: 'direct', members: [{ userId: bob.id }] })
  const ueber = await make(alice, 'Über uns')
  const uhr = await make(alice, 'Uhrzeit')
  expect(idsOf(await alice.does('channel.list', { type: 'direct' }))).toEqual([direct.id])
  expect(idsOf(await alice.does('channel.list', { type: 'group', name: 'über' }))).toEqual([
    ueber.id,
  ])
  expect(idsOf(await alice.does('channel.list', { name: 'UHR' }))).toEqual([uhr.id])
  expect(idsOf(await alice.does('channel.list', { name: 'nothing' }))).toEqual([])
  await alice.isRefused('channel.list', { filter: {} }, 'bad_request')
})

bothDoors(
  'an app server names the user whose list it wants; a user cannot [VIS-6]',
  async ({ alice, bob, server, opensGroup, letters }) => {
    const channel = await opensGroup([bob])
    const list = await server.does('channel.list', { userId: bob.id })
    expect(list.channels).toMatchObject([
      { channel: { id: channel.id }, me: { userId: bob.id, role: 'member' } },
    ])
    await server.isRefused('channel.list', {}, 'bad_request')
    await server.isRefused('channel.list', { userId: `nobody-${letters}` }, 'user.not_found')
    await alice.isRefused('channel.list', { userId: bob.id }, 'forbidden')
    await alice.isRefused('channel.list', { userId: `nobody-${letters}` }, 'forbidden')
  },
)

bothDoors(
  'public channels are found by name; groups and live ones never [VIS-6]',
  async ({ alice, bob, charlie, server, letters, opensGroup }) => {
    const named = async (type: string, name: string) => {
      const { channel } = await server.does('channel.create', {
        clientId: clientId(),
        type,
        name: `${letters} ${name}`,
        members: [{ userId: bob.id }],
      })
      return channel
    }
    const [first, second, third] = [
      await named('public', 'aa'),
      await named('public', 'ab'),
      await named('public', 'b'),
    ]
    await named('live', 'ac')
    await opensGroup([], { name: `${letters} ad` })

    const page = await charlie.does('channel.find', { name: letters.toUpperCase(), limit: 2 })
    expect(page.channels.map(({ id }) => id)).toEqual([first.id, second.id])
    const rest = await charlie.does('channel.find', {
      name: letters.toUpperCase(),
      limit: 2,
      cursor: page.next ?? '',
    })
    expect(rest).toMatchObject({ channels: [{ id: third.id }], next: null })
    expect((await alice.does('channel.find', { name: `${letters} a` })).channels).toHaveLength(2)
    expect((await server.does('channel.find', { name: `${letters} b` })).channels).toHaveLength(1)
    expect(await charlie.does('channel.list', {})).toEqual({ channels: [], next: null })
    await server.does('channel.delete', { channelId: third.id })
    expect((await charlie.does('channel.find', { name: `${letters} b` })).channels).toEqual([])
  },
)
