import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Input } from '../src/contract.ts'
import { clientId, unknownId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const draftsOf = async (person: Person, question: Input<'draft.list'> = {}) =>
  (await person.reads('draft.list', question)).drafts

const textsOf = async (person: Person, question: Input<'draft.list'> = {}) =>
  (await draftsOf(person, question)).map(({ text }) => text)

bothDoors(
  'a draft is replaced whole, heard of by the own devices, and by nobody else [DRAFT-1, DRAFT-2, DRAFT-5]',
  async ({ alice, bob, server, letters, opensGroup, meets }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob])
    const { line } = await alice.connects()
    const text = `secret ${letters}`
    const wish = { channelId, text, custom: { size: 'l' }, quotedId: unknownId() }
    const { draft } = await alice.does('draft.save', wish)
    expect(draft).toEqual({
      ...wish,
      mentions: [],
      version: alice.own?.position.seq,
      updatedAt: expect.any(Number),
    })
    expect(await draftsOf(alice)).toEqual([draft])
    const told = await line.sees('event', ({ name }) => name === 'draft.saved')
    expect(told).toMatchObject({ channel: '@me', data: { draft } })
    expect(await alice.does('draft.save', wish), 'the same once more').toEqual({ draft })
    expect(alice.own?.told.filter(({ name }) => name === 'draft.saved')).toHaveLength(1)

    const other = { channelId, text: `other ${letters}` }
    const { draft: replaced } = await alice.does('draft.save', other)
    expect(replaced).toMatchObject({ ...other, custom: {} })
    expect(replaced.version).toBeGreaterThan(draft.version)
    expect(replaced).not.toHaveProperty('quotedId')
    await bob.does('draft.save', { channelId, text: 'of bob' })
    expect(await draftsOf(alice)).toEqual([replaced])
    await alice.does('draft.delete', { channelId })
    await alice.does('draft.delete', { channelId })
    expect(await draftsOf(alice)).toEqual([])
    const gone = await line.sees('event', ({ name }) => name === 'draft.deleted')
    expect(gone.data).toEqual({ draft: { channelId, version: replaced.version + 1 } })
    expect(alice.own?.told.filter(({ name }) => name === 'draft.deleted')).toHaveLength(1)
    expect(await textsOf(bob)).toEqual(['of bob'])

    await dana.isRefused('draft.save', { channelId, text: 'x' }, 'channel.not_found')
    await dana.isRefused('draft.delete', { channelId }, 'channel.not_found')
    expect(await draftsOf(dana, { channelId })).toEqual([])
    await server.isRefused('draft.list', {}, 'forbidden')
    for (const person of [bob, dana]) await person.seesNothingOf(text, `other ${letters}`)
  },
)

bothDoors(
  'a channel and each of its threads have a draft of their own [DRAFT-1, DRAFT-3]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { id: elsewhere } = await opensGroup([bob])
    const { id: threadRootId } = await bob.says(channelId, 'root')
    const { id: reply } = await bob.says(channelId, 'reply', { threadRootId })
    await alice.does('draft.save', { channelId, text: 'for all' })
    const mentions = [{ kind: 'user' as const, userId: 'nobody', start: 0, length: 3 }]
    const answer = { channelId, threadRootId, text: 'for you', alsoInChannel: true, mentions }
    const { draft } = await alice.does('draft.save', answer)
    expect(draft).toMatchObject(answer)
    await alice.does('draft.save', { channelId: elsewhere, text: 'elsewhere' })
    expect(await textsOf(alice)).toEqual(['elsewhere', 'for you', 'for all'])
    expect(await textsOf(alice, { channelId })).toEqual(['for you', 'for all'])

    const page = await alice.does('draft.list', { limit: 2 })
    expect(page.drafts.map(({ text }) => text)).toEqual(['elsewhere', 'for you'])
    const next = { cursor: page.next ?? '', limit: 2 }
    expect(await textsOf(alice, next)).toEqual(['for all'])
    await alice.isRefused('draft.list', { ...next, channelId }, 'bad_request')
    await bob.isRefused('draft.list', next, 'bad_request')

    const nested = { channelId, threadRootId: reply, text: 'deeper' }
    await alice.isRefused('draft.save', nested, 'message.is_reply')
    const lost = { channelId: elsewhere, threadRootId, text: 'not there' }
    await alice.isRefused('draft.save', lost, 'message.not_found')
    const { id: sinceJoin } = await opensGroup([], { history: 'sinceJoin' })
    const { id: before } = await alice.says(sinceJoin, 'before')
    await alice.does('member.add', { channelId: sinceJoin, members: [{ userId: bob.id }] })
    const unseen = { channelId: sinceJoin, threadRootId: before, text: 'unseen' }
    await bob.isRefused('draft.save', unseen, 'message.not_found')
    await bob.does('message.delete', { channelId, messageId: threadRootId })
    await alice.does('draft.save', { ...answer, text: 'for you still' })
    await alice.does('draft.delete', { channelId, threadRootId })
    expect(await textsOf(alice)).toEqual(['elsewhere', 'for all'])
  },
)

bothDoors(
  'a draft is gone with its sending, unless somebody wrote on [DRAFT-8]',
  async ({ alice, bob, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const saves = async (text: string, more: object = {}) =>
      (await alice.does('draft.save', { channelId, text, ...more })).draft.version
    const draftVersion = await saves('hello')
    const { id: threadRootId } = await alice.says(channelId, 'hello', { draftVersion })
    expect(await draftsOf(alice)).toEqual([])
    await alice.catchesUp()
    expect(alice.own?.told.at(-2)).toMatchObject({
      name: 'draft.deleted',
      data: { draft: { channelId } },
    })

    const older = await saves('one')
    await saves('one and two')
    await alice.says(channelId, 'one', { draftVersion: older })
    expect(await textsOf(alice)).toEqual(['one and two'])
    await alice.says(channelId, 'without a draft')
    expect(await textsOf(alice)).toEqual(['one and two'])

    const inThread = await saves('a reply', { threadRootId })
    await alice.says(channelId, 'a message', { draftVersion: inThread })
    expect(await textsOf(alice), 'of another place').toEqual(['a reply', 'one and two'])
    const send = { channelId, clientId: clientId(), text: 'a reply', threadRootId }
    await alice.does('message.send', { ...send, draftVersion: inThread })
    expect(await textsOf(alice)).toEqual(['one and two'])
    const again = await saves('a second reply', { threadRootId })
    const { duplicate } = await alice.does('message.send', { ...send, draftVersion: again })
    expect(duplicate).toBe(true)
    expect(await textsOf(alice), 'a retry sends nothing').toEqual(['a second reply', 'one and two'])

    const byBob = { channelId, clientId: clientId(), text: 'of bob', draftVersion: again }
    await bob.does('message.send', byBob)
    expect(await draftsOf(alice)).toHaveLength(2)
    const byApp = { ...byBob, clientId: clientId(), author: alice.id }
    await server.isRefused('message.send', byApp, 'forbidden')
  },
)

bothDoors(
  'drafts end with the membership and with the channel [DRAFT-6]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: left } = await opensGroup([bob, charlie])
    const { id: removed } = await opensGroup([bob])
    const { id: deleted } = await opensGroup([bob])
    const { id: stays } = await opensGroup([bob])
    for (const channelId of [left, removed, deleted, stays])
      await bob.does('draft.save', { channelId, text: `in ${channelId}` })
    await bob.does('member.leave', { channelId: left })
    await alice.does('member.remove', { channelId: removed, userId: bob.id })
    await alice.does('channel.delete', { channelId: deleted })
    expect(await textsOf(bob)).toEqual([`in ${stays}`])
    expect(await draftsOf(bob, { channelId: left })).toEqual([])
    const back = { channelId: left, text: 'x' }
    await bob.isRefused('draft.save', back, 'channel.not_found')
    await alice.does('member.add', { channelId: left, members: [{ userId: bob.id }] })
    expect(await textsOf(bob)).toEqual([`in ${stays}`])
    await bob.does('draft.save', back)
    expect(await textsOf(bob)).toEqual(['x', `in ${stays}`])
  },
)

bothDoors(
  'own words stay when their thread or channel is shut, and can be taken back [DRAFT-3, DRAFT-6, TRUNC-3, STATE-4]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    const { messages } = await bob.reads('message.history', { channelId })
    const system = messages.find(({ kind }) => kind === 'system')
    const wrong = { channelId, threadRootId: system?.id ?? '', text: 'to nobody' }
    await bob.isRefused('draft.save', wrong, 'message.not_found')

    const { id: threadRootId } = await alice.says(channelId, 'root')
    await bob.does('draft.save', { channelId, threadRootId, text: 'a reply' })
    await bob.does('draft.save', { channelId, text: 'a message' })
    await alice.does('channel.truncate', { channelId })
    expect(await textsOf(bob)).toEqual(['a message', 'a reply'])
    const on = { channelId, threadRootId, text: 'a reply, written on' }
    await bob.isRefused('draft.save', on, 'message.not_found')
    await bob.does('draft.delete', { channelId, threadRootId })

    await server.does('channel.update', { channelId, state: 'disabled' })
    expect(await textsOf(bob)).toEqual(['a message'])
    await bob.isRefused('draft.save', { channelId, text: 'x' }, 'channel.disabled')
    await bob.does('draft.delete', { channelId })
    await bob.does('draft.delete', { channelId })
    expect(await textsOf(bob)).toEqual([])
  },
)

story(
  'a disabled channel is not there for whoever could only read it [STATE-4]',
  async ({ alice, server }) => {
    const { channel } = await server.does('channel.create', { clientId: clientId(), type: 'live' })
    await alice.isRefused('draft.delete', { channelId: channel.id }, 'forbidden')
    await server.does('channel.update', { channelId: channel.id, state: 'disabled' })
    await alice.isRefused('draft.delete', { channelId: channel.id }, 'channel.not_found')
  },
)

story(
  'who reads a channel without being in it keeps no drafts there [DRAFT-1]',
  async ({ alice, server }) => {
    const { channel } = await server.does('channel.create', { clientId: clientId(), type: 'live' })
    await alice.isRefused('draft.save', { channelId: channel.id, text: 'x' }, 'forbidden')
    await alice.does('member.join', { channelId: channel.id })
    await alice.does('draft.save', { channelId: channel.id, text: 'x' })
  },
)

story(
  'a device that was away hears what became of the drafts [DRAFT-5, DRAFT-6]',
  async ({ alice, bob, opensGroup }) => {
    const [{ id: kept }, { id: gone }, { id: left }] = [
      await opensGroup([bob]),
      await opensGroup([bob]),
      await opensGroup([bob]),
    ]
    for (const channelId of [kept, gone, left])
      await bob.does('draft.save', { channelId, text: 'before' })
    const { user: before } = await bob.reads('sync.pull', { user: null })
    if (before?.status !== 'reset') throw new Error('A first pull was not a reset.')
    expect(before.drafts).toHaveLength(3)
    expect(before.moreDrafts).toBe(false)
    await bob.goesAway()
    await bob.reads('draft.list', {})
    const away = (name: 'draft.save' | 'draft.delete' | 'member.leave', input: object) =>
      bob.ask(name, input, 'rest')
    await away('draft.save', { channelId: kept, text: 'after' })
    await away('draft.delete', { channelId: gone })
    await away('member.leave', { channelId: left })
    await alice.does('member.add', { channelId: left, members: [{ userId: bob.id }] })
    const cursor = { epoch: before.epoch, seq: before.through }
    const { user: since } = await bob.reads('sync.pull', { user: cursor })
    expect(since).toMatchObject({
      status: 'delta',
      drafts: [{ channelId: kept, text: 'after' }],
      moreDrafts: false,
    })
    const deleted = since?.status === 'delta' ? since.deletedDrafts : []
    expect(deleted.map(({ channelId }) => channelId)).toEqual([gone, left])
    await bob.comesBack()
    expect(Object.values(bob.own?.state.drafts ?? {})).toMatchObject([{ text: 'after' }])
  },
)
