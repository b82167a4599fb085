import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { createRecords } from './records.ts'

type Core = Awaited<ReturnType<typeof openCore>>

const recordsOf = ({ engine, queue }: Core, directory: 'shared' | 'all' = 'shared') =>
  createRecords({ engine, queue, settings: { directory } } as never)

describe('a choice of presence', () => {
  test('stays until it is changed, field by field', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const get = async () => (await alice.call('presence.get')).presence
    expect(await get()).toEqual({ choice: 'online', status: null })
    const until = core.clock.ms + 60_000
    await alice.call('presence.set', { status: { text: 'At lunch', until } })
    await alice.call('presence.set', { choice: 'away' })
    expect(await get()).toEqual({ choice: 'away', status: { text: 'At lunch', until } })
    core.clock.ms = until
    expect(await get()).toEqual({ choice: 'away', status: null })
    await alice.call('presence.set', { status: { text: 'Working' } })
    await alice.call('presence.set', { status: null })
    expect(await get()).toEqual({ choice: 'away', status: null })
  })

  test('is told to all nodes once it is stored, without the status', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await alice.call('presence.set', { choice: 'invisible', status: { text: 'A secret' } })
    const passing = core.heard.filter(({ kind }) => kind === 'passing')
    const { uid } = alice.actor
    expect(passing).toEqual([
      {
        kind: 'passing',
        to: 'presence',
        about: uid,
        data: { kind: 'choice', uid, choice: 'invisible' },
      },
    ])
  })

  test('cannot end before it began', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    for (const until of [0, core.clock.ms])
      await expect(alice.call('presence.set', { status: { text: 'Late', until } })).rejects.toThrow(
        /does not fit/,
      )
    expect(await alice.call('presence.get')).toMatchObject({ presence: { status: null } })
  })

  test('that cannot be read hides', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await alice.call('presence.set', { choice: 'online' })
    await core.spoil("UPDATE presence SET choice = 'odd'")
    expect(await recordsOf(core).choiceOf(alice.actor.uid)).toBe('invisible')
  })
})

describe('what others see', () => {
  test('is the status of before while somebody is invisible', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const records = recordsOf(core)
    const shown = async () => (await records.find(alice.actor, ['alice']))[0]?.seen?.row?.shown_text
    await alice.call('presence.set', { status: { text: 'Before' } })
    await alice.call('presence.set', { choice: 'invisible' })
    await alice.call('presence.set', { status: { text: 'Meanwhile' } })
    expect(await shown()).toBe('Before')
    await alice.call('presence.set', { choice: 'away' })
    expect(await shown()).toBe('Meanwhile')
  })

  test('is nothing of strangers, unless everybody sees everybody', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const carol = await core.user('carol')
    await alice.call('channel.create', { clientId: clientId(), members: [{ userId: 'bob' }] })
    const records = recordsOf(core)
    expect(await records.find(bob.actor, ['alice', 'carol', 'nobody', 'bob'])).toMatchObject([
      { uid: alice.actor.uid, seen: { uid: alice.actor.uid } },
      { uid: carol.actor.uid, seen: null },
      { uid: null, seen: null },
      { uid: bob.actor.uid, seen: { uid: bob.actor.uid } },
    ])
    const viewers = [bob.actor, carol.actor]
    expect(await records.look(viewers, alice.actor.uid)).toMatchObject([{}, null])
    expect(await recordsOf(core, 'all').look(viewers, alice.actor.uid)).toMatchObject([{}, {}])
  })

  test('keeps the choice when the last activity is stored, and the other way round', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const records = recordsOf(core)
    const row = async (uid: string) => (await records.look([alice.actor], uid))[0]?.row
    await alice.call('presence.set', { choice: 'away', status: { text: 'Busy' } })
    await alice.call('channel.create', { clientId: clientId(), members: [{ userId: 'bob' }] })
    await records.save(
      new Map([
        [bob.actor.uid, 120_000],
        [alice.actor.uid, 60_000],
      ]),
    )
    const kept = { choice: 'away', status_text: 'Busy', shown_text: 'Busy', last_active_at: 60_000 }
    expect(await row(alice.actor.uid)).toMatchObject(kept)
    expect(await row(bob.actor.uid)).toMatchObject({ choice: 'online', last_active_at: 120_000 })
    await bob.call('presence.set', { choice: 'invisible' })
    expect(await row(bob.actor.uid)).toMatchObject({ choice: 'invisible', last_active_at: 120_000 })
  })
})
