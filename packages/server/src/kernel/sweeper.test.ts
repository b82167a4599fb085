import { LIMITS } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../fixtures/core.ts'
import type { Timers } from '../ports/clock.ts'
import { statement } from '../store/statement.ts'
import { type Chore, Sweeper } from './sweeper.ts'

const outbox = statement<Record<never, never>>()((db) => db.selectFrom('outbox').select(['seq']))

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

describe('the sweeper', () => {
  test('announces again what was committed and never announced', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    await core.sweeper.sweep()
    core.busLoses = true
    await alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    core.busLoses = false
    core.heard.length = 0
    await core.sweeper.sweep()
    expect(core.heard).toHaveLength(0)
    core.clock.ms += 2001
    await core.sweeper.sweep()
    expect(core.heard).toMatchObject([
      { kind: 'event', stream: channel.id, subjectSeq: 3, memberCount: 1 },
    ])
    await core.sweeper.sweep()
    expect(core.heard).toHaveLength(1)
  })

  test('tells with an old grant that it was taken back since', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await core.user('bob')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const channelId = channel.id
    await core.sweeper.sweep()
    core.busLoses = true
    await alice.call('member.add', { channelId, members: [{ userId: 'bob' }] })
    core.busLoses = false
    await alice.call('member.remove', { channelId, userId: 'bob' })
    await core.sweeper.sweep()
    core.heard.length = 0
    core.clock.ms += 2001
    await core.sweeper.sweep()
    const told = core.heard.flatMap((one) =>
      one.kind === 'event' && one.stream === channelId ? one.access.map(({ kind }) => kind) : [],
    )
    expect(told).toEqual(['granted', 'revoked'])
  })

  test('tells with an old word that a channel is shut that it was opened since', async () => {
    await using core = await openCore()
    const { channel } = await core.server('channel.create', { clientId: clientId() })
    const becomes = (state: string) =>
      core.server('channel.update', { channelId: channel.id, state })
    await core.sweeper.sweep()
    core.busLoses = true
    await becomes('disabled')
    core.busLoses = false
    await becomes('open')
    await core.sweeper.sweep()
    core.heard.length = 0
    core.clock.ms += 2001
    await core.sweeper.sweep()
    expect(core.heard).toMatchObject([{ gate: 'shut' }, { gate: 'opened' }])
  })

  test('forgets frames after a day and client ids after a month', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    const input = { channelId: channel.id, clientId: clientId(), text: 'hi' }
    await alice.call('message.send', input)
    await core.sweeper.sweep()
    core.clock.ms += 25 * 3_600_000
    await core.sweeper.sweep()
    expect(await core.engine.read((db) => outbox.all(db, {}))).toHaveLength(0)
    expect(await alice.call('message.send', input)).toMatchObject({ duplicate: true })
    core.clock.ms += 31 * 24 * 3_600_000
    await core.sweeper.sweep()
    expect(await alice.call('message.send', input)).toMatchObject({ duplicate: false })
  })

  test('goes on at once with what is left over, and lets the other chores have their turn', async () => {
    await using core = await openCore()
    const planned: { ms: number; run: () => void }[] = []
    const timers: Timers = {
      nextTurn: (run) => void setImmediate(run),
      after(ms, run) {
        planned.push({ ms, run })
        return { cancel() {} }
      },
    }
    const done = { endless: 0, short: 0 }
    const chores: Chore[] = [
      async () => ++done.endless > 0,
      async () => {
        done.short++
        return false
      },
    ]
    const { engine, queue, clock, settings } = core
    const bus = { publish() {}, subscribe() {} }
    const limits = LIMITS
    new Sweeper({ engine, queue, clock, timers, bus, limits, settings, log: quiet, chores }).run()
    const next = async () => {
      const { ms = -1, run } = planned.shift() ?? {}
      run?.()
      await expect.poll(() => planned.length).toBe(1)
      return ms
    }
    expect([await next(), await next(), await next()]).toEqual([LIMITS.sweepMs, 0, 0])
    expect(done).toEqual({ endless: 3, short: 1 })
    clock.ms += LIMITS.sweepMs
    expect([await next(), await next()]).toEqual([0, 0])
    expect(done).toEqual({ endless: 5, short: 2 })
  })
})
