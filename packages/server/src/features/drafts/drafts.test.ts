import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { draftCheck } from './drafts.check.ts'

type Core = Awaited<ReturnType<typeof openCore>>

/** Alice in a channel with so many messages to reply to. */
async function channelWith(core: Core, messages: number) {
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  const at = { channelId: channel.id as string }
  const send = () => alice.call('message.send', { ...at, clientId: clientId(), text: 'hi' })
  const sent = await Promise.all(Array.from({ length: messages }, send))
  const roots: string[] = sent.map(({ message }) => message.id)
  const save = (threadRootId: string, more: object = {}) =>
    alice.call('draft.save', { ...at, threadRootId, text: 'begun', ...more })
  const pull = async (user: object | null) => (await alice.call('sync.pull', { user })).user
  return { alice, at, roots, save, pull }
}

async function check(core: Core, repair: boolean): Promise<string[]> {
  const found: string[] = []
  await checkStore({
    engine: core.engine,
    checks: [draftCheck],
    repair,
    found: ({ what }) => void found.push(what),
    progress() {},
  })
  return found
}

const rowsOf = async (core: Core) =>
  core.engine.read((db) => db.all<object>({ sql: 'SELECT * FROM drafts', slots: [] }, []))

describe('drafts', () => {
  test('are refused above the limit, and those that are there go on', async () => {
    await using core = await openCore({ limits: { draftsPerUser: 2 } })
    const { alice, at, roots, save } = await channelWith(core, 3)
    const [one = '', two = '', three = ''] = roots
    await save(one)
    await save(two)
    await expect(save(three)).rejects.toMatchObject({ code: 'draft.limit' })
    await save(two, { text: 'written on' })
    await alice.call('draft.delete', { ...at, threadRootId: one })
    await save(three)
    const { drafts } = await alice.call('draft.list')
    expect(drafts.map(({ threadRootId }: { threadRootId: string }) => threadRootId)).toEqual([
      three,
      two,
    ])
  })

  test('are told to a limit in number and size, and then are to be listed', async () => {
    await using core = await openCore()
    const { roots, save, pull } = await channelWith(core, 51)
    const { epoch, through } = await pull(null)
    const cursor = { epoch, seq: through }
    for (const root of roots.slice(1)) await save(root)
    expect(await pull(cursor)).toMatchObject({ status: 'delta', moreDrafts: false })
    await save(roots[0] ?? '')
    const delta = await pull(cursor)
    expect(delta.drafts).toHaveLength(50)
    expect(delta).toMatchObject({ status: 'delta', moreDrafts: true })
    expect(delta.drafts[0]).toMatchObject({ threadRootId: roots[0] })
    expect(await pull(null)).toMatchObject({ status: 'reset', moreDrafts: true })

    const long = { text: 'x'.repeat(20_000) }
    const before = await pull(null)
    for (const root of roots.slice(0, 3)) await save(root, long)
    const since = { epoch: before.epoch, seq: before.through }
    expect(await pull(since)).toMatchObject({ moreDrafts: false })
    await save(roots[3] ?? '', long)
    const full = await pull(since)
    expect(full).toMatchObject({ moreDrafts: true })
    expect(full.drafts).toHaveLength(3)
  })

  test('that were deleted are told one by one to a limit, and leave no more rows than that', async () => {
    await using core = await openCore()
    const { alice, at, roots, save, pull } = await channelWith(core, 202)
    const { epoch, through } = await pull(null)
    const versions: number[] = []
    for (const threadRootId of roots) {
      await save(threadRootId)
      await alice.call('draft.delete', { ...at, threadRootId })
      versions.push((await pull(null)).through)
    }
    expect(await rowsOf(core)).toHaveLength(201)
    const far = await pull({ epoch, seq: through })
    expect(far).toMatchObject({ drafts: [], moreDrafts: true })
    const [, second] = versions
    const near = await pull({ epoch, seq: second })
    expect(near).toMatchObject({ drafts: [], moreDrafts: false })
    expect(near.deletedDrafts).toHaveLength(200)
    expect(await check(core, false)).toEqual([])
  })

  test('that do not fit are refused by the name of the field', async () => {
    await using core = await openCore()
    const { alice, at } = await channelWith(core, 0)
    const mentions = [{ kind: 'channel', start: 0, length: 9 }]
    const wrongs = {
      text: { text: ' ' },
      mentions: { mentions },
      alsoInChannel: { alsoInChannel: true },
    }
    for (const [path, wrong] of Object.entries(wrongs))
      await expect(alice.call('draft.save', { ...at, text: 'x', ...wrong })).rejects.toMatchObject({
        code: 'bad_request',
        details: { fields: [{ path }] },
      })
  })

  test('in a deleted channel leave nothing behind', async () => {
    await using core = await openCore({ limits: { sweepRows: 1 } })
    const { alice, at, roots, save } = await channelWith(core, 3)
    for (const root of roots) await save(root)
    await alice.call('channel.delete', at)
    expect((await alice.call('draft.list')).drafts).toEqual([])
    for (let round = 0; round < 16; round++) await core.sweeper.sweep()
    expect(await rowsOf(core)).toEqual([])
  })

  test('that cannot be read harm nobody, and are found', async () => {
    await using core = await openCore()
    const { alice, at, roots, save, pull } = await channelWith(core, 1)
    await alice.call('draft.save', { ...at, text: 'sound' })
    await save(roots[0] ?? '')
    await core.spoil(`UPDATE drafts SET custom = '[', mentions = '[null, 5]' WHERE root_id <> 0`)
    const { drafts } = await pull(null)
    expect(drafts).toMatchObject([{ text: 'begun', custom: {}, mentions: [] }, { text: 'sound' }])
    expect(await check(core, false)).toEqual(['has custom fields that cannot be read'])
  })

  test('of somebody who is no member any more are found and emptied', async () => {
    await using core = await openCore()
    const { alice, at } = await channelWith(core, 0)
    const bob = await core.user('bob')
    await alice.call('member.add', { ...at, members: [{ userId: 'bob' }] })
    await bob.call('draft.save', { ...at, text: 'mine' })
    expect(await check(core, false)).toEqual([])
    await core.spoil(`UPDATE memberships SET state = 'left' WHERE uid = ${bob.actor.uid}`)
    expect(await check(core, true)).toEqual(['was left behind by a membership that ended'])
    expect(await check(core, false)).toEqual([])
    expect(await rowsOf(core)).toMatchObject([{ text: null }])
  })
})
