import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'

bothDoors(
  'nobody knows a stranger, until they share a channel [VIS-7, VIS-6, OP-5]',
  async ({ alice, bob, charlie, opensGroup }) => {
    await alice.isRefused('user.get', { userId: bob.id }, 'user.not_found')
    await opensGroup([bob])

    const { user } = await alice.does('user.get', { userId: bob.id })
    expect(user).toMatchObject({ id: bob.id, name: 'bob' })
    const { users } = await alice.does('user.query', { ids: [bob.id, charlie.id, 'nobody-at-all'] })
    expect(users.map(({ id }) => id)).toEqual([bob.id])

    await charlie.isRefused('user.get', { userId: bob.id }, 'user.not_found')
    await charlie.seesNothingOf(bob.id)
  },
)

bothDoors(
  'who leaves the last common channel is a stranger again [VIS-7]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const channel = await opensGroup([bob, charlie])
    await bob.does('user.get', { userId: alice.id })
    await bob.does('member.leave', { channelId: channel.id })

    await bob.isRefused('user.get', { userId: alice.id }, 'user.not_found')
    await alice.isRefused('user.get', { userId: bob.id }, 'user.not_found')
    await charlie.does('user.get', { userId: alice.id })
  },
)

story(
  'an app server creates and changes users, all or none [OP-1, VAL-7]',
  async ({ alice, server, letters }) => {
    const ann = `ann-${letters}`
    const { users } = await server.does('user.upsert', {
      users: [
        { id: ann },
        {
          id: alice.id,
          name: 'Alice A.',
          avatar: 'https://pictures.example/a.png',
          custom: { city: 'Bonn' },
          privateCustom: { tier: 3 },
        },
      ],
    })
    expect(users[0]).toMatchObject({
      id: ann,
      name: ann,
      avatar: null,
      custom: {},
      privateCustom: {},
      deactivatedAt: null,
      tokensRevokedAt: null,
    })
    expect(users[1]).toMatchObject({
      name: 'Alice A.',
      custom: { city: 'Bonn' },
      privateCustom: { tier: 3 },
    })

    const {
      users: [kept],
    } = await server.does('user.upsert', { users: [{ id: alice.id, avatar: null }] })
    expect(kept).toMatchObject({
      name: 'Alice A.',
      avatar: null,
      custom: { city: 'Bonn' },
      privateCustom: { tier: 3 },
    })
    const {
      users: [cleared],
    } = await server.does('user.upsert', {
      users: [{ id: alice.id, custom: null, privateCustom: null }],
    })
    expect(cleared).toMatchObject({ name: 'Alice A.', custom: {}, privateCustom: {} })

    await server.isRefused(
      'user.upsert',
      { users: [{ id: alice.id, name: 'Nobody' }, { id: 'not an id' }] },
      'bad_request',
    )
    await server.isRefused(
      'user.upsert',
      { users: [{ id: alice.id }, { id: alice.id }] },
      'bad_request',
    )
    expect(await server.does('user.get', { userId: alice.id })).toMatchObject({
      user: { name: 'Alice A.' },
    })
    await alice.isRefused('user.upsert', { users: [{ id: alice.id, name: 'Boss' }] }, 'forbidden')
  },
)

story('saying what stands already is no change and no event [REQ-6]', async ({ alice, server }) => {
  const { own } = alice
  const before = own?.position.seq
  await server.does('user.upsert', { users: [{ id: alice.id, name: 'alice' }] })
  await server.does('user.upsert', { users: [{ id: alice.id, privateCustom: { seen: 1 } }] })
  expect(own?.position.seq).toBe(before)
})

bothDoors(
  'people change their own profile, on all their devices and for those who know them [VIS-7, EVT-6]',
  async ({ alice, bob, charlie, opensGroup }) => {
    await opensGroup([bob])
    const { line } = await alice.connects()
    const { user } = await alice.does('user.update', {
      name: 'Alice Ñandú 🦩',
      custom: { mood: 'wry' },
      avatar: 'https://pictures.example/b.png',
    })
    expect(user).toMatchObject({ name: 'Alice Ñandú 🦩', custom: { mood: 'wry' } })
    await line.sees(
      'event',
      ({ channel, name, data }) =>
        channel === '@me' && name === 'user.updated' && JSON.stringify(data).includes('Ñandú'),
    )

    expect(await bob.does('user.get', { userId: alice.id })).toEqual({ user })
    expect(await alice.does('user.update', { avatar: null })).toMatchObject({
      user: { avatar: null, custom: { mood: 'wry' } },
    })
    await charlie.seesNothingOf('Ñandú', 'wry')
  },
)

bothDoors(
  'nobody gives themselves what is not theirs to give [VAL-5, VAL-10]',
  async ({ alice, server, door }) => {
    for (const more of [
      { role: 'owner' },
      { id: 'root' },
      { privateCustom: {} },
      { deactivatedAt: null },
      { createdAt: 1 },
      { userId: alice.id },
    ])
      await alice.isRefused('user.update', { name: 'Alice', ...more }, 'bad_request')
    // On a socket a frame with such a key is no JSON at all: see connectionsFrames.story.test.ts.
    const keys =
      door === 'rest'
        ? [JSON.parse('{"__proto__":1}'), { a: { constructor: 1 } }, { prototype: 1 }]
        : []
    for (const custom of [...keys, [], 'text'])
      await alice.isRefused('user.update', { custom }, 'bad_request')
    expect(await server.does('user.get', { userId: alice.id })).toMatchObject({
      user: { name: 'alice', custom: {} },
    })
  },
)

bothDoors('names are bounded, trimmed and visible [LIM-2]', async ({ alice }) => {
  for (const name of [
    '',
    ' ',
    ' alice',
    'a\u202Eb',
    'a\u200Bb',
    'a\u0000b',
    '\u3164',
    'x'.repeat(129),
  ])
    await alice.isRefused('user.update', { name }, 'bad_request')
  expect(await alice.does('user.update', { name: '🦩'.repeat(128) })).toMatchObject({
    user: { name: '🦩'.repeat(128) },
  })
})

story('two ids that differ in one byte are two people [VAL-9]', async ({ server, letters }) => {
  const [upper, lower] = [`Ann-${letters}`, `ann-${letters}`]
  await server.does('user.upsert', {
    users: [
      { id: upper, name: 'Upper' },
      { id: lower, name: 'Lower' },
    ],
  })
  expect(await server.does('user.get', { userId: upper })).toMatchObject({
    user: { id: upper, name: 'Upper' },
  })
  expect(await server.does('user.get', { userId: lower })).toMatchObject({
    user: { id: lower, name: 'Lower' },
  })
  for (const userId of ['me', '.', '..'])
    await server.isRefused('user.upsert', { users: [{ id: userId }] }, 'bad_request')
})

bothDoors(
  'people are found by the beginning of their name, in pages [REST-9, OP-5]',
  async ({ alice, bob, charlie, server, letters, opensGroup }) => {
    const name = (text: string) => `${letters} ${text}`
    await server.does('user.upsert', {
      users: [
        { id: alice.id, name: name('Äa') },
        { id: bob.id, name: name('Ab') },
        { id: charlie.id, name: name('Ac') },
      ],
    })
    await opensGroup([bob])

    const page = await alice.does('user.query', { name: letters.toUpperCase(), limit: 1 })
    expect(page.users).toHaveLength(1)
    const rest = await alice.does('user.query', {
      name: letters.toUpperCase(),
      limit: 1,
      cursor: page.next ?? '',
    })
    expect(rest.next).toBeNull()
    expect(new Set([...page.users, ...rest.users].map(({ id }) => id))).toEqual(
      new Set([alice.id, bob.id]),
    )

    const { users } = await server.does('user.query', { name: letters })
    expect(users).toHaveLength(3)
    await bob.isRefused(
      'user.query',
      { name: letters, limit: 1, cursor: page.next ?? '' },
      'bad_request',
    )
    await charlie.seesNothingOf(alice.id, bob.id)
  },
)

story(
  'the private half of a user is for app servers only [VIS-7]',
  async ({ alice, bob, server, letters, opensGroup }) => {
    await server.does('user.upsert', {
      users: [{ id: bob.id, privateCustom: { iban: `private-${letters}` } }],
    })
    await opensGroup([bob])
    expect(await server.does('user.get', { userId: bob.id })).toMatchObject({
      user: { privateCustom: { iban: `private-${letters}` } },
    })
    for (const person of [alice, bob]) {
      await person.does('user.get', { userId: bob.id })
      await person.does('user.query', { ids: [bob.id] })
      await person.seesNothingOf(`private-${letters}`, 'privateCustom', 'tokensRevokedAt')
    }
  },
)
