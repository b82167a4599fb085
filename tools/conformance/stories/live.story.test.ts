import { expect } from 'vitest'
import { bothDoors, type Cast, story } from '../src/cast.ts'
import { appDoes } from '../src/matrix/stage.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

/** A stream of alice's, with these members beside her. */
async function opensStage({ alice, server }: Cast, ...members: readonly Person[]): Promise<string> {
  const { channel } = await server.does('channel.create', {
    clientId: clientId(),
    type: 'live',
    members: [{ userId: alice.id, role: 'owner' }, ...members.map(({ id }) => ({ userId: id }))],
  })
  return channel.id
}

const framesAbout = ({ line }: Person, channelId: string) =>
  line.frames.flatMap((frame) =>
    (frame.type === 'event' || frame.type === 'events') && frame.channel === channelId ? frame : [],
  )

/** Many messages of plain members at the same moment. */
const flood = (channelId: string, authors: readonly Person[], count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      appDoes('message.send', {
        channelId,
        clientId: clientId(),
        text: `flood ${index}`,
        ...(authors.length > 0 ? { author: authors[index % authors.length]?.id } : {}),
      }),
    ),
  )

bothDoors(
  'anybody looks on and has their say, and is no member for it [LIVE-1, LIVE-2, VIS-11]',
  async (cast) => {
    const { alice, bob, charlie, letters, opensGroup } = cast
    const channelId = await opensStage(cast)
    const { id: secret } = await opensGroup([bob])
    await alice.watches(channelId)
    await alice.says(channelId, `we are on air ${letters}`)

    const copy = await charlie.watches(channelId)
    expect(copy.state?.me).toBeNull()
    await charlie.sees(channelId, { text: `we are on air ${letters}` })
    expect((await charlie.does('message.history', { channelId })).messages).toHaveLength(1)
    const message = await charlie.says(channelId, 'hello from the sofa')
    await charlie.does('message.edit', { channelId, messageId: message.id, text: 'hello, hello' })
    const at = { channelId, messageId: message.id }
    await charlie.does('reaction.add', { ...at, emoji: '👋' })
    await alice.does('message.send', {
      channelId,
      clientId: clientId(),
      text: 'welcome',
      threadRootId: message.id,
    })
    await alice.sees(channelId, { text: 'hello, hello', author: charlie.id })

    await charlie.goesAway()
    await alice.says(channelId, 'while you were away')
    await charlie.comesBack()
    await charlie.sees(channelId, { text: 'while you were away' })

    const { channel, me, read, arrangement } = await charlie.does('channel.get', { channelId })
    expect({ me, read, arrangement }).toEqual({ me: null, read: null, arrangement: null })
    expect(channel.memberCount).toBe(1)
    const { members } = await alice.does('member.list', { channelId })
    expect(members.map(({ user }) => user.id)).toEqual([alice.id])
    expect((await charlie.does('channel.list', { show: 'all' })).channels).toEqual([])
    expect((await charlie.does('thread.list', {})).threads).toEqual([])
    expect(await charlie.does('unread.total', {})).toMatchObject({ unread: 0, channels: 0 })
    const fresh = await charlie.connects()
    expect(fresh.welcome.channels).toEqual([])
    await charlie.seesNothingOf(secret)
  },
)

bothDoors(
  'who looks on has the say over their own words alone [LIVE-2, SEND-11, VIS-3]',
  async (cast) => {
    const { alice, bob, charlie } = cast
    const channelId = await opensStage(cast, bob)
    for (const person of [alice, bob, charlie]) await person.watches(channelId)
    const of = await bob.says(channelId, 'of a member')
    const mine = await charlie.says(channelId, 'of a viewer')
    const at = { channelId, messageId: of.id }
    await charlie.isRefused('message.edit', { ...at, text: 'no' }, 'forbidden')
    await charlie.isRefused('message.delete', at, 'forbidden')
    for (const name of ['receipt.read', 'unread.explain', 'channel.arrange'] as const)
      await charlie.isRefused(name, { channelId }, 'forbidden')
    for (const name of ['unread.mark', 'thread.follow', 'thread.read'] as const)
      await charlie.isRefused(name, at, 'forbidden')
    await charlie.isRefused('event.send', { channelId, name: 'wave' }, 'forbidden')
    await charlie.isRefused(
      'member.add',
      { channelId, members: [{ userId: charlie.id }] },
      'forbidden',
    )
    await charlie.isRefused('channel.update', { channelId, name: 'Mine' }, 'forbidden')
    const toAll = { text: '@all', mentions: [{ kind: 'channel', start: 0, length: 4 }] }
    await charlie.isRefused(
      'message.send',
      { channelId, clientId: clientId(), ...toAll },
      'forbidden',
    )
    await bob.isRefused('message.delete', { channelId, messageId: mine.id }, 'forbidden')
    await alice.does('message.delete', { channelId, messageId: mine.id })
    await charlie.sees(channelId, { id: mine.id, text: null })
    await charlie.does('member.leave', { channelId })
    await charlie.does('member.join', { channelId })
    expect((await charlie.does('channel.get', { channelId })).me).not.toBeNull()
    await alice.does('member.remove', { channelId, userId: charlie.id })
    expect((await charlie.does('channel.get', { channelId })).me).toBeNull()
    const again = await charlie.does('sync.pull', { channels: [{ id: channelId }] })
    expect(again).toMatchObject({ channels: [{ status: 'reset', me: null }] })
  },
)

story('events come in windows, and the last one at once [LIVE-3, DEL-3]', async (cast) => {
  const { alice, charlie, server } = cast
  const channelId = await opensStage(cast)
  for (const person of [alice, charlie]) await person.watches(channelId)
  const said = await Promise.all(
    ['one', 'two', 'three'].map((text) =>
      alice.ask('message.send', { channelId, clientId: clientId(), text }),
    ),
  )
  expect(said.map(({ ok }) => ok)).toEqual([true, true, true])
  await charlie.sees(channelId, { text: 'three' })
  await cast.holds()
  expect(framesAbout(charlie, channelId).every(({ type }) => type === 'events')).toBe(true)
  await server.does('channel.delete', { channelId })
  await until('the end is told', () => charlie.copies.get(channelId)?.gone)
  expect(framesAbout(charlie, channelId).at(-1)).toMatchObject({ name: 'channel.deleted' })
  await charlie.isRefused('message.history', { channelId }, 'channel.not_found')
})

story('what was deleted or truncated within a window is never told [LIVE-3]', async (cast) => {
  const { alice, charlie } = cast
  const channelId = await opensStage(cast)
  for (const person of [alice, charlie]) await person.watches(channelId)
  const says = (text: string) =>
    appDoes('message.send', { channelId, clientId: clientId(), text, author: alice.id })
  for (let round = 0; round < 5; round++) {
    const { message } = await says('a slip')
    const at = { channelId, messageId: message.id }
    await appDoes('message.edit', { ...at, text: 'a second slip' })
    await appDoes('reaction.add', { ...at, emoji: '👀', userId: alice.id })
    await appDoes('message.delete', at)
    await charlie.sees(channelId, { id: message.id, text: null })
    const { message: low } = await says('below the floor')
    await appDoes('channel.truncate', { channelId, upTo: low.seq })
    await until('it is truncated', () => charlie.copyOf(channelId).state?.channel.floor === low.seq)
  }
  await cast.holds()
  const isEnd = ({ name }: { readonly name: string }) =>
    name === 'message.deleted' || name === 'channel.truncated'
  // A window may end between two calls: then the frames before the one of the end told it in time.
  const ends = framesAbout(charlie, channelId).flatMap((frame) =>
    frame.type === 'events' && frame.events.some(isEnd) ? [frame] : [],
  )
  expect(ends).toHaveLength(10)
  for (const { events, omitted } of ends) {
    expect(events.filter((event) => !isEnd(event))).toEqual([])
    expect(omitted).toBe(0)
  }
})

story(
  'of a flood all are told the same part, and the history has the whole [LIVE-4, LIVE-5, LIVE-6, SEQ-7]',
  async (cast) => {
    const { alice, bob, charlie, meets } = cast
    const dana = await meets('dana')
    const channelId = await opensStage(cast, bob)
    for (const person of [alice, charlie, dana]) await person.watches(channelId)
    const before = dana.copyOf(channelId).position?.seq ?? 0
    const count = 150
    const sent = await flood(channelId, [bob], count)
    await cast.holds()

    const heardBy = (person: Person) => {
      const copy = person.copyOf(channelId)
      const omitted = copy.holes.reduce((sum, hole) => sum + hole.omitted, 0)
      const told = copy.told.filter(({ seq }) => seq > before).map(({ seq }) => seq)
      return { omitted, told }
    }
    const [one, other] = [heardBy(charlie), heardBy(dana)]
    expect(one.omitted, 'a flood is too much').toBeGreaterThan(0)
    expect(one.told.length).toBeGreaterThanOrEqual(15)
    expect(one.omitted + one.told.length).toBe(count)
    expect(other.told).toEqual(one.told)

    const omitted = sent.filter(({ message }) => !one.told.includes(message.seq))
    const hidden = omitted[0]?.message.id ?? ''
    const held = () => Object.keys(charlie.copyOf(channelId).state?.messages ?? {})
    expect(held()).not.toContain(hidden)
    const page = await charlie.does('message.history', { channelId, limit: 100 })
    expect(page.messages).toHaveLength(100)
    expect(await charlie.does('message.get', { channelId, messageId: hidden })).toMatchObject({
      message: { text: expect.stringContaining('flood') },
    })
    await alice.does('reaction.add', { channelId, messageId: hidden, emoji: '👀' })
    expect(held(), 'a reaction brings no message').not.toContain(hidden)
    await alice.does('message.delete', { channelId, messageId: hidden })
    await charlie.sees(channelId, { id: hidden, text: null })
  },
)

story(
  'never left out is what those in charge say, the app, a mention, and what one said oneself [LIVE-5]',
  async (cast) => {
    const { alice, bob, charlie, meets } = cast
    const dana = await meets('dana')
    const channelId = await opensStage(cast, bob)
    for (const person of [alice, charlie, dana]) await person.watches(channelId)
    const kept = { channelId, author: bob.id }
    const mention = { kind: 'user' as const, userId: alice.id, start: 0, length: 1 }
    const [, ...said] = await Promise.all([
      flood(channelId, [bob], 150),
      appDoes('message.send', { ...kept, clientId: clientId(), text: '@', mentions: [mention] }),
      flood(channelId, [], 5),
      flood(channelId, [alice], 5),
      flood(channelId, [charlie], 20),
    ])
    await cast.holds()
    const [mentioning, ofTheApp, ofAlice, ofCharlie] = said
    const holds = (
      person: Person,
      sent: readonly { readonly message: { readonly id: string } }[],
    ) =>
      sent.filter(({ message }) => message.id in (person.copyOf(channelId).state?.messages ?? {}))
    for (const person of [charlie, dana]) {
      const all = [mentioning, ...ofTheApp, ...ofAlice]
      expect(holds(person, all)).toEqual(all)
    }
    expect(holds(charlie, ofCharlie), 'their own').toEqual(ofCharlie)
    expect(holds(dana, ofCharlie).length, 'of others').toBeLessThan(ofCharlie.length)
  },
)
