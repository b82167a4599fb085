import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { blockCheck } from './blocks.check.ts'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

/** Alice in a group with all of them. */
async function open(limits = {}) {
  const core = await openCore({ limits })
  const alice = await core.user('alice')
  const others = ['bob', 'carol', 'dave']
  for (const id of others) await core.user(id)
  const members = others.map((userId) => ({ userId }))
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  return { core, alice, bob: await core.user('bob'), channelId: channel.id as string }
}

test('so many users are blocked and no more, and whoever is blocked already can be blocked otherwise', async () => {
  const { core, alice } = await open({ blocksPerUser: 2 })
  await using _ = core
  await alice.call('user.block', { userId: 'bob' })
  await alice.call('user.block', { userId: 'carol' })
  expect(await code(alice.call('user.block', { userId: 'dave' }))).toBe('block.limit')
  expect(await code(alice.call('user.block', { userId: 'bob', mode: 'twoWay' }))).toBe('done')
  await alice.call('user.unblock', { userId: 'carol' })
  expect(await code(alice.call('user.block', { userId: 'dave' }))).toBe('done')
})

test('whoever is blocked stays so when they are seen no more, until the user says otherwise', async () => {
  const { core, alice, channelId } = await open()
  await using _ = core
  await core.user('erin')
  expect(await code(alice.call('user.block', { userId: 'erin' }))).toBe('user.not_found')
  await core.server('member.remove', { channelId, userId: 'bob' })
  expect(await code(alice.call('user.block', { userId: 'bob' })), 'they have met').toBe('done')
  await core.server('channel.delete', { channelId })
  for (let slice = 0; slice < 5; slice++) await core.sweeper.sweep()
  expect(await code(alice.call('user.block', { userId: 'bob', mode: 'twoWay' }))).toBe('done')
  expect(await code(alice.call('user.unblock', { userId: 'bob' }))).toBe('done')
  expect(await code(alice.call('user.block', { userId: 'bob' }))).toBe('user.not_found')
})

test('a mode that cannot be read hides more than it shows', async () => {
  const { core, alice, bob, channelId } = await open()
  await using _ = core
  await bob.call('receipt.read', { channelId })
  await alice.call('user.block', { userId: 'bob' })
  const seen = async () => (await alice.call('receipt.list', { channelId })).receipts.length
  expect(await seen()).toBe(1)
  await core.spoil("UPDATE blocks SET mode = 'x'")
  expect(await seen()).toBe(0)
  expect((await alice.call('block.list')).blocks).toMatchObject([{ mode: 'twoWay' }])
})

test('an app server stands above blocks, and not who speaks through it', async () => {
  const { core, alice } = await open()
  await using _ = core
  const members = [{ userId: 'bob' }]
  const direct = { clientId: clientId(), type: 'direct', members }
  const { channel } = await alice.call('channel.create', direct)
  await alice.call('user.block', { userId: 'bob' })
  const send = (author: object) =>
    core.server('message.send', {
      channelId: channel.id,
      clientId: clientId(),
      text: 'hi',
      ...author,
    })
  expect(await code(send({}))).toBe('done')
  expect(await code(send({ author: 'carol' })), 'who is none of the two').toBe('done')
  for (const author of ['alice', 'bob'])
    expect(await code(send({ author }))).toBe('user.unreachable')
})

test('a list that is newer than its stream is found and set right', async () => {
  const { core, alice } = await open()
  await using _ = core
  await alice.call('user.block', { userId: 'bob' })
  const found: string[] = []
  const check = () =>
    checkStore({
      engine: core.engine,
      checks: [blockCheck],
      repair: true,
      found: ({ what }) => void found.push(what),
      progress() {},
    })
  await check()
  expect(found).toEqual([])
  await core.spoil('UPDATE block_lists SET version = 99')
  await check()
  expect(found).toEqual(['has a list of blocks of version 99, and the stream has only come to 2'])
  await check()
  expect(found).toHaveLength(1)
})
