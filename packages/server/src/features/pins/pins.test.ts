import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { pinCheck } from './pins.check.ts'

type Core = Awaited<ReturnType<typeof openCore>>

/** Alice in a channel with so many messages. */
async function channelWith(core: Core, messages: number) {
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  const at = { channelId: channel.id as string }
  const send = () => alice.call('message.send', { ...at, clientId: clientId(), text: 'hi' })
  const sent = await Promise.all(Array.from({ length: messages }, send))
  const ids: string[] = sent.map(({ message }) => message.id)
  return { alice, at, ids }
}

async function check(core: Core, repair: boolean): Promise<string[]> {
  const found: string[] = []
  await checkStore({
    engine: core.engine,
    checks: [pinCheck],
    repair,
    found: ({ what }) => void found.push(what),
    progress() {},
  })
  return found
}

const rowsOf = async (core: Core) =>
  core.engine.read((db) => db.all<object>({ sql: 'SELECT * FROM pins', slots: [] }, []))

test('the 101st pin is refused until another one is taken away', async () => {
  await using core = await openCore()
  const { alice, at, ids } = await channelWith(core, 101)
  const [first = '', ...others] = ids
  for (const messageId of others) await alice.call('message.pin', { ...at, messageId })
  const one = alice.call('message.pin', { ...at, messageId: first })
  await expect(one).rejects.toMatchObject({ code: 'message.pin_limit', details: { limit: 100 } })
  await alice.call('message.pin', { ...at, messageId: others[0] })
  await alice.call('message.unpin', { ...at, messageId: others[0] })
  await alice.call('message.pin', { ...at, messageId: first })
  const { pinned, next } = await alice.call('message.listPinned', { ...at, limit: 100 })
  expect(pinned).toHaveLength(100)
  expect(pinned[0].pin.messageId).toBe(first)
  expect(next).toBeNull()
})

test('a batch of pins and deletions leaves no pin on a tombstone', async () => {
  await using core = await openCore()
  const { alice, at, ids } = await channelWith(core, 6)
  await Promise.all(
    ids.flatMap((messageId) => [
      alice.call('message.pin', { ...at, messageId }),
      alice.call('message.delete', { ...at, messageId }),
    ]),
  )
  expect(await rowsOf(core)).toEqual([])
  expect(await check(core, false)).toEqual([])
})

test('a pin on what is not there, and one that its channel does not know of, are found', async () => {
  await using core = await openCore()
  const { alice, at, ids } = await channelWith(core, 3)
  for (const messageId of ids) await alice.call('message.pin', { ...at, messageId })
  expect(await check(core, false)).toEqual([])
  await core.spoil(
    `DELETE FROM messages WHERE id = ${ids[0]}`,
    `UPDATE messages SET deleted_at = 1 WHERE id = ${ids[1]}`,
    'UPDATE channels SET pins_version = 1',
  )
  const { pinned } = await alice.call('message.listPinned', at)
  expect(pinned).toHaveLength(1)
  const gone = 'is on a message that is not there any more'
  const unknown = 'has the version 10, and its channel knows of pins up to 1'
  expect(await check(core, true)).toEqual([gone, gone, unknown])
  expect(await check(core, false)).toEqual([])
})

test('a deleted channel leaves no pin behind', async () => {
  await using core = await openCore({ limits: { sweepRows: 1 } })
  const { alice, at, ids } = await channelWith(core, 2)
  for (const messageId of ids) await alice.call('message.pin', { ...at, messageId })
  await alice.call('channel.delete', at)
  for (let round = 0; round < 12; round++) await core.sweeper.sweep()
  expect(await rowsOf(core)).toEqual([])
})
