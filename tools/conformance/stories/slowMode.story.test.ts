import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'
import { obey, until } from '../src/until.ts'

const HOURS = 21_600

const isTooEarly = async (person: Person, channelId: string, more: object = {}) =>
  person.isRefused(
    'message.send',
    { channelId, clientId: clientId(), text: 'too early', ...more },
    'channel.slow_mode',
  )

bothDoors(
  'a member of a slow channel sends a burst and then waits, and others do not wait for them [PACE-1, PACE-2, PACE-3, PACE-5]',
  async ({ alice, bob, charlie, meets, server, opensGroup }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie])
    const slowMode = { seconds: HOURS, burst: 2 }
    await bob.isRefused('channel.update', { channelId, slowMode }, 'forbidden')
    const { channel } = await alice.does('channel.update', { channelId, slowMode })
    expect(channel.slowMode).toEqual(slowMode)
    await until('bob is told', () => bob.copyOf(channelId).state?.channel.slowMode !== null)

    const wish = { channelId, clientId: clientId(), text: 'one' }
    const first = await bob.does('message.send', wish)
    expect(first.nextInMs).toBe(0)
    const { nextInMs } = await bob.does('message.send', { ...wish, clientId: clientId() })
    expect(nextInMs).toBeGreaterThan(HOURS * 1000 - 60_000)
    expect(nextInMs).toBeLessThanOrEqual(HOURS * 1000)
    const { retryAfterMs = 0 } = await isTooEarly(bob, channelId)
    expect(retryAfterMs).toBeGreaterThan(HOURS * 1000 - 60_000)
    expect(retryAfterMs).toBeLessThanOrEqual(nextInMs)
    await isTooEarly(bob, channelId, { threadRootId: first.message.id })
    const again = await bob.does('message.send', wish)
    expect(again).toMatchObject({ message: first.message, duplicate: true })
    expect(again.nextInMs).toBeLessThanOrEqual(retryAfterMs)

    const { messageId } = { messageId: first.message.id }
    await bob.does('message.edit', { channelId, messageId, text: 'changed' })
    await bob.does('reaction.add', { channelId, messageId, emoji: '👍' })
    await bob.does('event.send', { channelId, name: 'wave' })
    for (const text of ['a', 'b', 'c']) await alice.says(channelId, text)
    await charlie.says(channelId, 'mine is another burst')
    await server.does('message.send', {
      channelId,
      clientId: clientId(),
      text: 'the app speaks for bob',
      author: bob.id,
    })

    await dana.isRefused('channel.update', { channelId, slowMode: null }, 'channel.not_found')
    await alice.does('channel.update', { channelId, slowMode: null })
    expect(await bob.says(channelId, 'at once')).toMatchObject({ text: 'at once' })
    await dana.seesNothingOf(channelId)
  },
)

story(
  'who waits as long as they were told may send, with the same client id [PACE-3, PACE-4, PACE-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.does('channel.update', { channelId, slowMode: { seconds: HOURS, burst: 1 } })
    await bob.says(channelId, 'one')
    await alice.does('channel.update', { channelId, slowMode: { seconds: 1, burst: 1 } })
    const wish = { channelId, clientId: clientId(), text: 'two' }
    const answer = await bob.ask('message.send', wish)
    if (!answer.ok) {
      expect(answer.error.code).toBe('channel.slow_mode')
      expect(answer.error.retryAfterMs).toBeLessThanOrEqual(1000)
      await obey(answer.error.retryAfterMs ?? 0)
    }
    const { nextInMs } = await bob.does('message.send', wish)
    expect(nextInMs).toBeLessThanOrEqual(1000)
    await obey(nextInMs)
    await bob.says(channelId, 'three')
  },
)

story(
  'a user has one burst in a channel, whatever device it comes from, and is not cut off for trying [PACE-3]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.does('channel.update', { channelId, slowMode: { seconds: HOURS, burst: 3 } })
    const other = (await bob.connects()).line
    const tries = Array.from({ length: 20 }, (_, at) => {
      const wish = { channelId, clientId: clientId(), text: `${at}` }
      if (at % 3 === 0) return bob.ask('message.send', wish, 'rest')
      return at % 3 === 1 ? other.asks('message.send', wish) : bob.line.asks('message.send', wish)
    })
    const answers = await Promise.all(tries)
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3)
    for (const answer of answers)
      if (!answer.ok) expect(['channel.slow_mode', 'rate_limited']).toContain(answer.error.code)
    expect(other.closed).toBeNull()
  },
)

bothDoors(
  'a live channel is slow from the start, and a direct one is slowed by an app server alone [PACE-1, PACE-2]',
  async ({ alice, bob, server }) => {
    const { channel: live } = await server.does('channel.create', {
      clientId: clientId(),
      type: 'live',
      members: [{ userId: alice.id, role: 'moderator' }, { userId: bob.id }],
    })
    expect(live.slowMode).toEqual({ seconds: 3, burst: 1 })
    for (const text of ['a', 'b']) await alice.says(live.id, text)
    await bob.says(live.id, 'c')
    await isTooEarly(bob, live.id)

    const { channel } = await alice.does('channel.create', {
      clientId: clientId(),
      type: 'direct',
      members: [{ userId: bob.id }],
    })
    expect(channel.slowMode).toBeNull()
    const change = { channelId: channel.id, slowMode: { seconds: HOURS, burst: 1 } }
    await alice.isRefused('channel.update', change, 'forbidden')
    await server.does('channel.update', change)
    await alice.says(channel.id, 'one')
    await isTooEarly(alice, channel.id)
  },
)
