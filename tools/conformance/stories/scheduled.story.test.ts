import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Input } from '../src/contract.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const DAY = 86_400_000
const inADay = () => Date.now() + DAY
/** Far enough from the least time ahead for a busy machine. */
const soon = () => Date.now() + 1500

const schedules = async (
  person: Person,
  wish: Omit<Input<'scheduled.create'>, 'clientId'> & { readonly clientId?: string },
) => {
  const { scheduled } = await person.does('scheduled.create', { clientId: clientId(), ...wish })
  if (!scheduled) throw new Error('A new scheduled message is gone.')
  return scheduled
}

const listed = async (person: Person, question: Input<'scheduled.list'> = {}) =>
  (await person.does('scheduled.list', question)).scheduled.map(({ text }) => text)

bothDoors(
  'what is scheduled is sent when its time comes, and looks like any other message [SCHED-1, SCHED-2, SCHED-4, SCHED-9]',
  async ({ alice, bob, charlie, letters, opensGroup, meets }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie])
    const root = await bob.says(channelId, 'when?')
    const text = `@bob later ${letters}`
    const wish = {
      channelId,
      clientId: clientId(),
      sendAt: soon(),
      text,
      mentions: [{ kind: 'user' as const, userId: bob.id, start: 0, length: 4 }],
      quotedId: root.id,
      custom: { letters },
    }
    const scheduled = await schedules(alice, wish)
    expect(scheduled).toMatchObject({ ...wish, state: { is: 'waiting' } })
    for (const person of [bob, charlie, dana]) await person.seesNothingOf(letters, 'scheduled.')
    const again = await alice.does('scheduled.create', wish)
    expect(again).toEqual({ scheduled: again.scheduled && scheduled, duplicate: true })

    const { sendAt: _, ...said } = wish
    const seen = await bob.sees(channelId, { ...said, author: alice.id, kind: 'text' })
    expect(seen.createdAt).toBeGreaterThanOrEqual(wish.sendAt)
    await alice.sees(channelId, { id: seen.id })
    await alice.catchesUp()
    const end = { reason: 'sent', messageId: seen.id, seq: seen.seq }
    expect(alice.own?.told.at(-2)).toMatchObject({ name: 'scheduled.ended', data: { end } })
    expect(await listed(alice)).toEqual([])
    const { read } = await bob.reads('channel.get', { channelId })
    expect(read).toMatchObject({ unread: 1, mentions: 1 })

    const place = { channelId, clientId: wish.clientId }
    expect(await alice.does('scheduled.create', wish)).toEqual({ scheduled: null, duplicate: true })
    const { details } = await alice.isRefused('scheduled.cancel', place, 'scheduled.sent')
    expect(details).toEqual({ seq: seen.seq })
    await alice.isRefused('scheduled.update', { ...place, text: 'late' }, 'scheduled.sent')
    await dana.seesNothingOf(letters, 'scheduled.')
  },
)

bothDoors(
  'a scheduled reply stands in its thread, and moves its summary [SCHED-3, SCHED-4]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const root = await bob.says(channelId, 'the question')
    const threadRootId = root.id
    await alice.isRefused(
      'scheduled.create',
      { channelId, clientId: clientId(), sendAt: inADay(), text: 'x', alsoInChannel: true },
      'bad_request',
    )
    await schedules(alice, { channelId, sendAt: soon(), text: 'the answer', threadRootId })
    const reply = await bob.sees(channelId, { text: 'the answer', threadRootId })
    const { root: after } = await bob.reads('thread.get', { channelId, messageId: root.id })
    expect(after.thread).toMatchObject({ replies: 1, lastReplySeq: reply.seq })
  },
)

bothDoors(
  'the list is by time and in pages, and every device hears of changes [SCHED-6, SCHED-7, SCHED-8]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { id: other } = await opensGroup([bob])
    const first = inADay()
    const third = await schedules(alice, { channelId, sendAt: first + 2000, text: 'three' })
    await schedules(alice, { channelId: other, sendAt: first, text: 'one' })
    await schedules(alice, { channelId, sendAt: first + 1000, text: 'two' })
    expect(await listed(alice)).toEqual(['one', 'two', 'three'])
    expect(await listed(alice, { channelId })).toEqual(['two', 'three'])
    const page = await alice.does('scheduled.list', { limit: 2 })
    expect(page.scheduled.map(({ text }) => text)).toEqual(['one', 'two'])
    const next = { limit: 2, cursor: page.next ?? '' }
    expect(await listed(alice, next)).toEqual(['three'])
    await alice.isRefused('scheduled.list', { ...next, channelId }, 'bad_request')
    await bob.isRefused('scheduled.list', next, 'bad_request')
    expect(await listed(bob)).toEqual([])

    const place = { channelId, clientId: third.clientId }
    const change = { ...place, text: 'zero', sendAt: first - 1000, ifVersion: third.version }
    const { scheduled } = await alice.does('scheduled.update', change)
    expect(scheduled).toMatchObject({ text: 'zero', sendAt: first - 1000 })
    expect(await listed(alice)).toEqual(['zero', 'one', 'two'])
    const refusal = await alice.isRefused(
      'scheduled.update',
      { ...change, text: 'lost' },
      'scheduled.version_conflict',
    )
    expect(refusal.details).toEqual({ scheduled })
    const same = await alice.does('scheduled.update', { ...place, text: 'zero' })
    expect(same.scheduled.version, 'what changes nothing is no change').toBe(scheduled.version)
    await bob.isRefused('scheduled.update', { ...place, text: 'mine' }, 'scheduled.not_found')
    await bob.isRefused('scheduled.cancel', place, 'scheduled.not_found')

    expect(await alice.does('scheduled.cancel', place)).toEqual({})
    expect(await alice.does('scheduled.cancel', place)).toEqual({})
    await alice.isRefused('scheduled.update', { ...place, text: 'late' }, 'scheduled.not_found')
    expect(await listed(alice)).toEqual(['one', 'two'])
    const { epoch, seq } = alice.own?.position ?? { epoch: 0, seq: 0 }
    expect(await alice.reads('sync.pull', { user: { epoch, seq } })).toMatchObject({
      user: { status: 'same' },
    })
  },
)

bothDoors(
  'what may not be said when its time comes fails, and can be given another time [SCHED-5, SCHED-9]',
  async ({ alice, bob, letters, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const text = `too late ${letters}`
    const { clientId: key } = await schedules(bob, { channelId, sendAt: soon(), text })
    await alice.does('member.remove', { channelId, userId: bob.id })
    const { data } = await bob.line.sees(
      'event',
      ({ name, data }) => name === 'scheduled.saved' && JSON.stringify(data).includes('failed'),
    )
    const state = { is: 'failed', code: 'channel.not_found', at: expect.any(Number) }
    expect(data).toMatchObject({ scheduled: { clientId: key, state, text } })
    expect(await bob.does('scheduled.list', {})).toMatchObject({ scheduled: [{ state, text }] })
    await bob.isRefused(
      'scheduled.update',
      { channelId, clientId: key, sendAt: inADay() },
      'channel.not_found',
    )
    await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
    const place = { channelId, clientId: key }
    const { scheduled } = await bob.does('scheduled.update', { ...place, sendAt: soon() })
    expect(scheduled.state).toEqual({ is: 'waiting' })
    await alice.seesNothingOf(letters)
    await alice.sees(channelId, { text, author: bob.id })
  },
)

bothDoors(
  'what has to wait in slow mode keeps its order, and nothing is told of the waiting [SCHED-4, SCHED-5]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.does('channel.update', { channelId, slowMode: { seconds: 2, burst: 1 } })
    const sendAt = soon()
    // The one that comes second has the lower client id.
    const [low, high] = [clientId(), clientId()].toSorted()
    await schedules(bob, { channelId, clientId: high ?? '', sendAt, text: 'one' })
    await schedules(bob, { channelId, clientId: low ?? '', sendAt: sendAt + 300, text: 'two' })
    await schedules(bob, { channelId, sendAt: sendAt + 600, text: 'three' })
    const { seq: first } = await alice.sees(channelId, { text: 'one' })
    const { seq: second } = await alice.sees(channelId, { text: 'two' })
    const { seq: third } = await alice.sees(channelId, { text: 'three' })
    expect([first, second, third]).toEqual([first, second, third].toSorted((a, b) => a - b))
    await bob.sees(channelId, { text: 'three' })
    await bob.catchesUp()
    expect(bob.own?.told.filter(({ name }) => name === 'scheduled.saved')).toHaveLength(3)
  },
)

bothDoors(
  'what was sent by hand cannot be cancelled any more [SCHED-7]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { clientId: key } = await schedules(alice, { channelId, sendAt: inADay(), text: 'now' })
    const send = { channelId, clientId: key, text: 'now' }
    const { message } = await alice.does('message.send', send)
    const place = { channelId, clientId: key }
    const { details } = await alice.isRefused('scheduled.cancel', place, 'scheduled.sent')
    expect(details).toEqual({ seq: message.seq })
    expect(await listed(alice)).toEqual([])
    await alice.catchesUp()
    const end = { reason: 'sent', messageId: message.id, seq: message.seq }
    expect(alice.own?.told.at(-2)).toMatchObject({ name: 'scheduled.ended', data: { end } })
    await bob.sees(channelId, { text: 'now' })
  },
)

bothDoors('whoever left takes back what they scheduled [SCHED-7]', async (cast) => {
  const { alice, bob, opensGroup } = cast
  const { id: channelId } = await opensGroup([bob])
  const { clientId: key } = await schedules(bob, { channelId, sendAt: inADay(), text: 'bye' })
  await bob.does('member.leave', { channelId })
  expect(await listed(bob)).toEqual(['bye'])
  await bob.does('scheduled.cancel', { channelId, clientId: key })
  expect(await listed(bob)).toEqual([])
  await alice.seesNothingOf('bye')
})

story(
  'nobody hears of it by sync, and a device that was away learns that its list changed [SCHED-8, SCHED-9]',
  async ({ alice, bob, server, letters, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { line } = await alice.connects()
    await alice.goesAway()
    const text = `secret ${letters}`
    const answer = await alice.reads('scheduled.list', {})
    expect(answer.scheduled).toEqual([])
    const { scheduled } = await restCreate(alice, { channelId, sendAt: inADay(), text })
    await line.sees('event', ({ name }) => name === 'scheduled.saved')
    await alice.comesBack()
    expect(Object.values(alice.own?.state.scheduled ?? {})).toEqual([scheduled?.version])
    await server.does('channel.get', { channelId })
    await server.does('message.history', { channelId })
    await server.does('channel.list', { userId: alice.id })
    expect(server.ears.find([letters])).toEqual([])
    await bob.seesNothingOf(letters)
  },
)

/** Over REST: there is no connection. */
async function restCreate(
  person: Person,
  wish: { readonly channelId: string; readonly sendAt: number; readonly text: string },
) {
  const answer = await person.ask('scheduled.create', { clientId: clientId(), ...wish }, 'rest')
  if (!answer.ok) throw new Error(`It was refused: ${JSON.stringify(answer.error)}`)
  return answer.data as { readonly scheduled: { readonly version: number } | null }
}
