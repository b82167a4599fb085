import { copyFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

const onPostgres = process.env['TERTULIA_TEST_ENGINE'] === 'postgres'

describe('sync', () => {
  test('starts over when too many rows changed', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const send = () =>
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    await Promise.all(Array.from({ length: 500 }, send))
    const pull = async (seq: number) =>
      (await alice.call('sync.pull', { channels: [{ id: channel.id, epoch: 1, seq }] })).channels[0]
    expect(await pull(2)).toMatchObject({ status: 'delta', from: 2, through: 502 })
    await send()
    expect(await pull(2)).toMatchObject({
      status: 'reset',
      reason: 'too_far',
      through: 503,
      hasOlder: true,
      purge: false,
    })
    expect((await pull(2)).messages).toHaveLength(50)
  })

  test('answers with heads when there is more than one answer should hold', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      const { channel } = await alice.call('channel.create', { clientId: clientId() })
      ids.push(channel.id)
      const text = 'long '.repeat(4000)
      const send = () =>
        alice.call('message.send', { channelId: channel.id, clientId: clientId(), text })
      await Promise.all(Array.from({ length: 30 }, send))
    }
    const pull = async (channels: readonly object[]) => {
      const { channels: answers } = await alice.call('sync.pull', { channels })
      return answers as { id: string; status: string; reason?: string }[]
    }
    const statuses = (await pull(ids.map((id) => ({ id })))).map(({ status }) => status)
    expect(statuses).toEqual(['reset', 'reset', 'head', 'head', 'head'])
    expect(await pull(ids.slice(2, 3).map((id) => ({ id })))).toMatchObject([{ status: 'reset' }])
  })

  test('starts over when the changed rows are too large for one delta', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const text = 'long '.repeat(4000)
    const send = () =>
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text })
    await Promise.all(Array.from({ length: 60 }, send))
    const { channels } = await alice.call('sync.pull', {
      channels: [{ id: channel.id, epoch: 1, seq: 2 }],
    })
    expect(channels).toMatchObject([{ status: 'reset', reason: 'too_far' }])
  })

  test('names what was deleted above the cursor when it starts over', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const at = { channelId: channel.id }
    const { message } = await alice.call('message.send', {
      ...at,
      clientId: clientId(),
      text: 'regret',
    })
    const send = () => alice.call('message.send', { ...at, clientId: clientId(), text: 'hi' })
    await Promise.all(Array.from({ length: 600 }, send))
    await alice.call('message.delete', { ...at, messageId: message.id })
    const { channels } = await alice.call('sync.pull', {
      channels: [{ id: channel.id, epoch: 1, seq: message.seq }],
    })
    expect(channels).toMatchObject([{ status: 'reset', tombstones: [message.id], purge: false }])
  })

  test('takes nobody for current who was away between two memberships', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      members: [{ userId: 'bob' }],
    })
    const at = { channelId: channel.id }
    const { seq } = await bob.call('channel.get', at)
    await bob.call('member.leave', at)
    expect(
      await bob.call('sync.pull', { channels: [{ id: channel.id, epoch: 1, seq }] }),
    ).toMatchObject({
      channels: [{ status: 'gone', reason: 'left' }],
    })
    await alice.call('member.add', { ...at, members: [{ userId: 'bob' }] })
    expect(
      await bob.call('sync.pull', { channels: [{ id: channel.id, epoch: 1, seq }] }),
    ).toMatchObject({
      channels: [{ status: 'reset', reason: 'visibility', purge: true }],
    })
  })

  // A copied file; what a database tells of its history is tested with the engine.
  test.skipIf(onPostgres)(
    'adopts clients of the shared prefix after a restore and starts over with the others',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tertulia-'))
      const restored = mkdtempSync(join(tmpdir(), 'tertulia-'))
      let channelId = ''
      {
        await using core = await openCore({ folder })
        const alice = await core.user('alice')
        const { channel } = await alice.call('channel.create', { clientId: clientId() })
        channelId = channel.id
        const send = () =>
          alice.call('message.send', { channelId, clientId: clientId(), text: 'hi' })
        for (let i = 0; i < 3; i++) await send()
        await core.engine.close()
        copyFileSync(join(folder, 'tertulia.db'), join(restored, 'tertulia.db'))
        core.engine.close = async () => {}
      }
      // The backup of the time of seq 5; the client of the lost future stood at seq 9.
      await using core = await openCore({ folder: restored, markBeside: 'another mark' })
      // Above every epoch that a client may have seen, whatever the backup knows of it.
      const epoch = core.clock.ms / 1000
      expect(core.identity.epoch).toBe(epoch)
      const alice = await core.user('alice')
      const pull = async (seq: number) =>
        (await alice.call('sync.pull', { channels: [{ id: channelId, epoch: 1, seq }] }))
          .channels[0]
      expect(await pull(9)).toMatchObject({ status: 'reset', reason: 'epoch', purge: true })
      expect(await pull(5)).toMatchObject({ status: 'same', epoch })
      for (let i = 0; i < 5; i++)
        await alice.call('message.send', { channelId, clientId: clientId(), text: 'new' })
      expect(await pull(4)).toMatchObject({ status: 'delta', epoch, from: 4, through: 10 })
      expect(await pull(9)).toMatchObject({ status: 'reset', reason: 'epoch' })
    },
  )
})
