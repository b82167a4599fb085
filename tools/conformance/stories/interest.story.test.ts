import { LIMITS } from '@tertulia/protocol'
import { expect } from 'vitest'
import { story } from '../src/cast.ts'
import type { Line } from '../src/doors/line.ts'
import { clientId, unknownId } from '../src/names.ts'

const eventsOf = ({ frames }: Line, id: string) =>
  frames.filter(
    (frame) => (frame.type === 'event' || frame.type === 'events') && frame.channel === id,
  )
const bumpsOf = ({ frames }: Line, id: string) =>
  frames.filter((frame) => frame.type === 'bump' && frame.channel === id)

story(
  'full gets events, list gets bumps, none gets nothing [INT-1, INT-7, INT-5]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id } = await opensGroup([bob])
    const lines = []
    for (const interest of ['full', 'list', 'none'] as const)
      lines.push((await bob.connects({ channels: [{ id, interest }] })).line)
    const [full, list, none] = lines as [Line, Line, Line]
    const said = await alice.says(id, `hello ${letters}`)
    await full.sees('event', ({ channel, seq }) => channel === id && seq === said.seq)
    expect(await list.sees('bump', ({ seq }) => seq === said.seq)).toMatchObject({
      channel: id,
      epoch: 1,
      last: { id: said.id, text: `hello ${letters}`, author: alice.id },
    })
    await bob.catchesUp()
    for (const line of lines)
      await line.sees('event', ({ channel, name }) => channel === '@me' && name === 'user.updated')

    expect(bumpsOf(full, id)).toEqual([])
    expect(eventsOf(list, id)).toEqual([])
    expect([...eventsOf(none, id), ...bumpsOf(none, id)]).toEqual([])
    await charlie.seesNothingOf(letters, id)
  },
)

story(
  'the most recent channels are in the list by themselves, silently [INT-4, VIS-5]',
  async ({ alice, bob, opensGroup, charlie }) => {
    const { id } = await opensGroup([bob])
    const { line, welcome } = await bob.connects()
    expect(welcome.channels).toEqual([])
    const said = await alice.says(id, 'psst')
    await line.sees('bump', ({ channel, seq }) => channel === id && seq === said.seq)
    await alice.does('member.add', { channelId: id, members: [{ userId: charlie.id }] })
    await charlie.line.sees('event', ({ name }) => name === 'channel.joined')
    const more = await alice.says(id, 'hello charlie')
    await charlie.line.sees('bump', ({ channel, seq }) => channel === id && seq >= more.seq)
  },
)

story(
  'there is at most one bump per second, and the last one counts [INT-8, INT-7]',
  async ({ alice, bob, server, opensGroup }) => {
    const { id } = await opensGroup([])
    await alice.does('member.add', { channelId: id, members: [{ userId: bob.id }] })
    const { line } = await bob.connects({ channels: [{ id, interest: 'list' }] })
    const began = performance.now()
    let last = await alice.says(id, 'number 0')
    await line.sees('bump', ({ seq }) => seq >= last.seq)
    for (let index = 1; index < 20; index++) last = await alice.says(id, `number ${index}`)
    await server.does('channel.update', { channelId: id, name: 'Busy' })
    await line.sees('bump', ({ seq }) => seq > last.seq)
    const bumps = bumpsOf(line, id)
    expect(bumps.some((bump) => 'last' in bump && bump.last?.text === 'number 19')).toBe(true)
    // What is late on its way only makes this time longer.
    const seconds = (performance.now() - began) / 1000
    expect(bumps.length).toBeLessThanOrEqual(Math.floor(seconds) + 2)
  },
)

story(
  'interest is changed while the line is open, and nothing falls between [INT-5, INT-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id } = await opensGroup([bob])
    const { line } = await bob.connects()
    for (let round = 0; round < 10; round++) {
      const saying = alice.ask(
        'message.send',
        { channelId: id, clientId: clientId(), text: `around ${round}` },
        'rest',
      )
      const answer = await line.asks('interest.set', { channels: [{ id }] })
      await saying
      const told = answer.ok
        ? (answer.data as { channels: { status: string; through: number }[] }).channels[0]
        : undefined
      expect(told).toMatchObject({ status: 'reset' })
      const after = await alice.says(id, `after ${round}`)
      await line.sees('event', ({ channel, seq }) => channel === id && seq === after.seq)
      const seqs = eventsOf(line, id)
        .map((frame) => ('seq' in frame ? frame.seq : 0))
        .filter((seq) => seq > (told?.through ?? 0))
      expect(seqs).toEqual(
        Array.from({ length: seqs.length }, (_, index) => (told?.through ?? 0) + 1 + index),
      )
      expect(
        await line.asks('interest.set', { channels: [{ id, interest: 'none' }] }),
      ).toMatchObject({ ok: true, data: { channels: [{ id, status: 'head' }] } })
    }
  },
)

story(
  'list and none are answered without content [INT-5, SYNC-11]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id } = await opensGroup([bob])
    const { seq } = await alice.says(id, 'hi')
    const ask = async (line: Line, channel: object) => {
      const answer = await line.asks('interest.set', { channels: [{ id, ...channel }] })
      return answer.ok ? (answer.data as { channels: unknown[] }).channels[0] : answer.error.code
    }
    for (const interest of ['list', 'none']) {
      expect(await ask(bob.line, { interest })).toEqual({ status: 'head', id, epoch: 1, seq })
      expect(await ask(bob.line, { interest, epoch: 1, seq })).toEqual({
        status: 'same',
        id,
        epoch: 1,
        seq,
      })
      expect(await ask(bob.line, { interest, epoch: 1, seq: 1 })).toMatchObject({
        status: expect.stringMatching(/head/),
      })
      expect(await ask(charlie.line, { interest })).toEqual({
        status: 'gone',
        id,
        reason: 'unknown',
      })
    }
    expect(await ask(bob.line, { interest: 'full', epoch: 1, seq })).toEqual({
      status: 'same',
      id,
      epoch: 1,
      seq,
    })
    expect(await ask(bob.line, { interest: 'full', epoch: 1, seq: seq - 1 })).toMatchObject({
      status: 'delta',
      messages: [{ seq }],
    })
    await charlie.seesNothingOf(alice.id)
  },
)

story('at most twenty channels are full on one line [INT-3]', async ({ alice, bob }) => {
  const { line } = await alice.connects()
  const ids: string[] = []
  for (let index = 0; index <= LIMITS.fullInterests; index++) {
    const answer = await alice.ask(
      'channel.create',
      { clientId: clientId(), members: [{ userId: bob.id }] },
      'rest',
    )
    if (answer.ok) ids.push((answer.data as { channel: { id: string } }).channel.id)
  }
  const full = (some: readonly string[]) =>
    line.asks('interest.set', { channels: some.map((id) => ({ id })) })
  expect(await full(ids)).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  expect(await full(ids.slice(0, -1))).toMatchObject({ ok: true })
  expect(await full(ids.slice(-1))).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  expect(
    await line.asks('interest.set', {
      channels: [{ id: ids[0], interest: 'list' }, { id: ids.at(-1) }],
    }),
  ).toMatchObject({ ok: true })
})

story(
  'interest in what is not yours is gone, and stays silent [INT-5, VIS-6]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id } = await opensGroup([bob])
    const unknown = unknownId()
    const { line } = await charlie.connects({ channels: [{ id, interest: 'full' }] })
    for (const interest of ['full', 'list', 'none']) {
      const answer = await line.asks('interest.set', {
        channels: [
          { id, interest },
          { id: unknown, interest, epoch: 1, seq: 1 },
        ],
      })
      expect(answer).toMatchObject({
        ok: true,
        data: {
          channels: [
            { status: 'gone', id, reason: 'unknown' },
            { status: 'gone', id: unknown, reason: 'unknown' },
          ],
        },
      })
    }
    await alice.says(id, `private ${letters}`)
    await alice.does('event.send', { channelId: id, name: 'wave', data: { letters } })
    await charlie.seesNothingOf(letters)
  },
)

story('a question about interest that means nothing is refused [VAL-5]', async ({ alice }) => {
  const id = unknownId()
  for (const channels of [
    [],
    [{ id }, { id }],
    [{ id, interest: 'some' }],
    [{ id, seq: 1 }],
    [{ id, more: 1 }],
    Array.from({ length: 101 }, () => ({ id: unknownId() })),
  ])
    expect(await alice.line.asks('interest.set', { channels })).toMatchObject({
      ok: false,
      error: { code: 'bad_request' },
    })
})
