import { LIMITS } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { type Answer, clientId, openCore } from '../../fixtures/core.ts'
import { lunch } from './scheduled.suite.ts'

const DAY = 86_400_000

describe('when the time has come', () => {
  const wrongs: Readonly<
    Record<string, (at: Awaited<ReturnType<typeof lunch>>) => Promise<unknown>>
  > = {
    'channel.not_found': async ({ alice, channelId }) =>
      alice.call('member.remove', { channelId, userId: 'bob' }),
    'user.deactivated': async ({ core }) => core.server('user.deactivate', { userId: 'bob' }),
    bad_request: async ({ core }) => core.spoil(`UPDATE scheduled SET text = ''`),
  }

  test.each(Object.entries(wrongs))('whoever may not say it fails: %s', async (code, spoil) => {
    const at = await lunch()
    const { core, alice, bob, later, said, list } = at
    await using _ = core
    await bob.call('scheduled.create', later(1000, 'never'))
    await alice.call('scheduled.create', later(1000, 'mine'))
    await spoil(at)
    if (code === 'bad_request')
      await core.spoil(`UPDATE scheduled SET text = 'mine' WHERE uid = ${alice.actor.uid}`)
    core.clock.ms += 1000
    core.heard.length = 0
    await core.sweeper.sweep()
    await core.sweeper.sweep()
    expect(await said(), 'it holds nobody up').toEqual(['mine'])
    const [failed] = await list()
    expect(failed.state).toMatchObject({ is: 'failed', code, at: core.clock.ms })
    const told = core.heard.filter((one) => one.kind === 'event' && one.stream === bob.actor.uid)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ frame: expect.stringContaining(`"code":"${code}"`) })
  })

  test('a channel or a root that is gone fails as well, and takes nothing along', async () => {
    const { core, alice, bob, channelId, later, list, said } = await lunch()
    await using _ = core
    const { message } = await alice.call('message.send', {
      channelId,
      clientId: clientId(),
      text: 'root',
    })
    await bob.call('scheduled.create', { ...later(1000), threadRootId: message.id })
    await bob.call('scheduled.create', later(2000))
    await alice.call('message.delete', { channelId, messageId: message.id })
    core.clock.ms += 1000
    await core.sweeper.sweep()
    const codes = async () => (await list()).map(({ state }: Answer) => state.code ?? state.is)
    expect(await codes()).toEqual(['message.deleted', 'waiting'])
    expect(await said()).toEqual([null])
    await alice.call('channel.delete', { channelId })
    while ((await core.sweeper.sweep()).length > 0);
    expect(await codes()).toEqual(['message.deleted', 'waiting'])
    core.clock.ms += 1000
    await core.sweeper.sweep()
    expect(await codes()).toEqual(['message.deleted', 'channel.not_found'])
  })

  test('what failed waits again with a new time, and is forgotten after a month', async () => {
    const { core, alice, bob, channelId, later, said, list } = await lunch()
    await using _ = core
    const [again, never] = [later(1000, 'again'), later(1000, 'never')]
    for (const wish of [again, never]) await bob.call('scheduled.create', wish)
    await alice.call('member.remove', { channelId, userId: 'bob' })
    core.clock.ms += 1000
    await core.sweeper.sweep()
    await alice.call('member.add', { channelId, members: [{ userId: 'bob' }] })
    await core.sweeper.sweep()
    expect(await said(), 'nothing is tried twice').toEqual([])
    const place = { channelId, clientId: again.clientId }
    const { scheduled } = await bob.call('scheduled.update', { ...place, text: 'better' })
    expect(scheduled.state).toMatchObject({ is: 'failed' })
    await bob.call('scheduled.update', { ...place, sendAt: core.clock.ms + 1000 })
    core.clock.ms += 1000
    await core.sweeper.sweep()
    expect(await said()).toEqual(['better'])
    core.clock.ms += LIMITS.scheduledFailedMs
    while ((await core.sweeper.sweep()).length > 0);
    expect(await list()).toEqual([])
  })

  test('a row that makes the server stumble is set aside, and one in a broken stream too', async () => {
    const { core, alice, bob, later, said, list } = await lunch({ limits: { scheduledAtOnce: 1 } })
    await using _ = core
    await bob.call('scheduled.create', later(1000, 'broken'))
    await alice.call('scheduled.create', later(1001, 'mine'))
    await core.spoil(`UPDATE streams SET seq = -5 WHERE id = ${bob.actor.uid}`)
    core.clock.ms += 2000
    await core.sweeper.sweep()
    await core.sweeper.sweep()
    expect(await said()).toEqual(['mine'])
    expect(await list()).toMatchObject([{ state: { is: 'failed', code: 'internal' } }])
  })

  test('who may not speak yet speaks as soon as they may', async () => {
    const { core, alice, bob, channelId, later, said, list } = await lunch()
    await using _ = core
    await alice.call('channel.update', { channelId, slowMode: { seconds: 60, burst: 1 } })
    const wishes = [later(1000, 'first'), later(1000, 'second'), later(3000, 'third')]
    for (const wish of wishes) await bob.call('scheduled.create', wish)
    const before = await list()
    core.clock.ms += 1000
    await core.sweeper.sweep()
    await core.sweeper.sweep()
    expect(await said()).toEqual(['first'])
    const mayAt = core.clock.ms + 60_000
    expect(await list(), 'what waits is as it was').toEqual(before.slice(1))
    core.clock.ms = mayAt - 1
    await core.sweeper.sweep()
    expect(await said()).toEqual(['first'])
    core.clock.ms = mayAt + 60_000
    await core.sweeper.sweep()
    expect(await said()).toEqual(['first', 'second'])
    core.clock.ms += 60_000
    await core.sweeper.sweep()
    expect(await said()).toEqual(['first', 'second', 'third'])
  })

  test('a backlog under slow mode keeps its order and tells nothing but its sends', async () => {
    const { core, alice, bob, channelId, said, list } = await lunch()
    await using _ = core
    const slowMode = { seconds: 60, burst: 1 }
    await alice.call('channel.update', { channelId, slowMode })
    // Client ids fall as times rise: the times alone give the order.
    const ids = Array.from({ length: 6 }, clientId).toSorted().toReversed()
    const at = core.clock.ms
    const schedule = (nth: number, ms: number) =>
      bob.call('scheduled.create', {
        channelId,
        clientId: ids[nth],
        sendAt: at + ms,
        text: `${nth}`,
      })
    for (const nth of [0, 1, 2, 3]) await schedule(nth, 1000 + 300 * nth)
    core.heard.length = 0
    core.clock.ms += 5000
    while ((await core.sweeper.sweep()).length > 0);
    // One comes later, and one is put off to the end.
    await schedule(4, 7000)
    const last = { channelId, clientId: ids[1], sendAt: at + 8000, text: 'last' }
    await bob.call('scheduled.update', last)
    for (let ms = 0; ms < 400_000; ms += 1000) {
      core.clock.ms += 1000
      await core.sweeper.sweep()
    }
    expect(await said()).toEqual(['0', '2', '3', '4', 'last'])
    expect(await list()).toEqual([])
    const told = core.heard.flatMap((one) =>
      one.kind === 'event' && one.stream === bob.actor.uid
        ? [/"name":"([a-z.]+)"/.exec(one.frame)?.[1]]
        : [],
    )
    const saved = told.filter((name) => name === 'scheduled.saved')
    expect(saved, 'one was made and one was changed').toHaveLength(2)
  })

  test('what is scheduled while others wait goes behind them', async () => {
    const { core, alice, bob, channelId, later, said } = await lunch()
    await using _ = core
    await alice.call('channel.update', { channelId, slowMode: { seconds: 60, burst: 1 } })
    for (const text of ['first', 'second']) await bob.call('scheduled.create', later(1000, text))
    core.clock.ms += 1000
    await core.sweeper.sweep()
    await bob.call('scheduled.create', later(59_900, 'third'))
    core.clock.ms += 60_000
    await core.sweeper.sweep()
    expect(await said()).toEqual(['first', 'second'])
  })

  test('what fails says what was wrong', async () => {
    const { core, alice, bob, channelId, later, list } = await lunch()
    await using _ = core
    await core.user('charlie')
    await alice.call('member.add', { channelId, members: [{ userId: 'charlie' }] })
    const mentions = [{ kind: 'user', userId: 'charlie', start: 0, length: 5 }]
    const wish = { ...later(1000), mentions }
    await bob.call('scheduled.create', wish)
    await alice.call('member.remove', { channelId, userId: 'charlie' })
    core.clock.ms += 1000
    await core.sweeper.sweep()
    const fields = [{ path: 'mentions.0', message: 'must be a member of the channel' }]
    expect((await list())[0].state).toMatchObject({ code: 'bad_request', details: { fields } })
    const place = { channelId, clientId: wish.clientId }
    const again = { ...place, mentions: null, sendAt: core.clock.ms + 1000 }
    const { scheduled } = await bob.call('scheduled.update', again)
    expect(scheduled.state).toEqual({ is: 'waiting' })
  })

  test('a full queue fails nothing', async () => {
    const { core, bob, later, said } = await lunch({ limits: { writeQueueOperations: 3 } })
    await using _ = core
    await bob.call('scheduled.create', later(1000, 'patient'))
    core.clock.ms += 1000
    const busy = Promise.withResolvers<void>()
    const job = () => core.queue.submit({ lane: 'busy' }, () => busy.promise)
    const jobs = [job()]
    await expect.poll(() => core.queue.length).toBe(0)
    for (let waiting = 0; waiting < 3; waiting++) jobs.push(job())
    expect(await core.sweeper.sweep()).toEqual([])
    busy.resolve()
    await Promise.all(jobs)
    expect(await said()).toEqual([])
    await core.sweeper.sweep()
    expect(await said()).toEqual(['patient'])
  })
})

describe('two nodes, or one that was killed and its next life', () => {
  test('what could not be committed is sent once, by whoever comes next', async () => {
    const { core, bob, later, said, list } = await lunch()
    await using _ = core
    await bob.call('scheduled.create', later(1000, 'once'))
    core.clock.ms += 1000
    core.failpoints.on('before-commit', () => {
      throw new Error('the lights went out')
    })
    await core.sweeper.sweep()
    expect(await said()).toEqual([])
    core.failpoints.on('before-commit', () => {})
    await using next = await openCore({ beside: core })
    next.clock.ms = core.clock.ms + DAY
    await Promise.all([next.sweeper.sweep(), core.sweeper.sweep()])
    await core.sweeper.sweep()
    expect(await said()).toEqual(['once'])
    expect(await list()).toEqual([])
  })

  test('what was committed and not announced is announced again, and not sent again', async () => {
    const { core, bob, channelId, later, said } = await lunch()
    await using _ = core
    await bob.call('scheduled.create', later(1000, 'once'))
    await core.sweeper.sweep()
    core.clock.ms += 1000
    core.busLoses = true
    await core.sweeper.sweep()
    core.busLoses = false
    core.heard.length = 0
    core.clock.ms += 3000
    await core.sweeper.sweep()
    const told = core.heard.flatMap((one) => (one.kind === 'event' ? one.stream : []))
    expect(told.toSorted()).toEqual([bob.actor.uid, channelId].toSorted())
    expect(await said()).toEqual(['once'])
  })
})
