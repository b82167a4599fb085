import { LIMITS } from '@tertulia/protocol'
import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

bothDoors(
  'people react, everybody sees how often, and whoever reacted sees it as their own [REACT-1, REACT-4, REACT-6, REACT-9]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const message = await alice.says(channelId, 'cake at four?')
    expect(message).toMatchObject({ reactions: {}, reactionsVersion: 0 })
    const at = { channelId, messageId: message.id }

    const first = await bob.does('reaction.add', { ...at, emoji: '🎂' })
    expect(first).toMatchObject({
      messageId: message.id,
      messageSeq: message.seq,
      reactions: { '🎂': 1 },
      own: { '🎂': 1 },
    })
    expect(first.reactionsVersion).toBeGreaterThan(message.version)
    await alice.sees(channelId, { id: message.id, reactions: { '🎂': 1 } })
    await alice.does('reaction.add', { ...at, emoji: '🎂' })
    await alice.does('reaction.add', { ...at, emoji: `yes-${letters}` })
    const seen = await bob.sees(channelId, { reactions: { '🎂': 2, [`yes-${letters}`]: 1 } })
    expect(seen.version, 'the content is as it was').toBe(message.version)

    expect(await alice.does('message.get', at)).toEqual({
      message: seen,
      ownReactions: { [message.id]: { '🎂': 1, [`yes-${letters}`]: 1 } },
    })
    expect((await bob.does('message.history', { channelId })).ownReactions).toEqual({
      [message.id]: { '🎂': 1 },
    })
    expect((await alice.does('reaction.list', at)).reactions).toMatchObject([
      { emoji: `yes-${letters}`, score: 1, user: { id: alice.id } },
      { emoji: '🎂', score: 1, user: { id: alice.id } },
      { emoji: '🎂', score: 1, user: { id: bob.id } },
    ])

    const after = await bob.does('reaction.remove', { ...at, emoji: '🎂' })
    expect(after).toMatchObject({ reactions: { '🎂': 1, [`yes-${letters}`]: 1 }, own: {} })
    for (const name of ['reaction.add', 'reaction.remove'] as const)
      await charlie.isRefused(name, { ...at, emoji: '🎂' }, 'channel.not_found')
    await charlie.isRefused('reaction.list', at, 'channel.not_found')
    await charlie.seesNothingOf(letters, channelId, message.id)
  },
)

bothDoors(
  'the same reaction again, and one that is not there taken back, are no event [REACT-1, REQ-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { id: messageId } = await alice.says(channelId, 'twice')
    const wish = { channelId, messageId, emoji: '👍' }
    const first = await bob.does('reaction.add', wish)
    expect(await bob.does('reaction.add', wish)).toEqual(first)
    expect(await bob.does('reaction.add', { ...wish, score: 7 })).toEqual(first)
    const gone = await bob.does('reaction.remove', wish)
    expect(gone).toMatchObject({ reactions: {}, own: {} })
    expect(await bob.does('reaction.remove', wish)).toEqual(gone)
    const { seq } = await alice.does('channel.get', { channelId })
    expect(seq).toBe(gone.reactionsVersion)
  },
)

bothDoors(
  'a reaction is something visible and short, and a message has at most 50 kinds [REACT-3, REACT-10]',
  async ({ alice, bob, server, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const { id: messageId } = await alice.says(channelId, 'react!')
    const at = { channelId, messageId }
    for (const emoji of [
      '',
      ' ',
      '👍 ',
      'a b',
      '\u200b',
      '\u202e👍',
      'x'.repeat(65),
      '🎂'.repeat(17),
      '__proto__',
      'constructor',
    ])
      await bob.isRefused(
        'reaction.add',
        { ...at, emoji },
        alice.door === 'rest' && emoji === '' ? 'not_found' : 'bad_request',
      )
    for (const emoji of ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👩‍👩‍👧‍👦', '1️⃣', 'a/b?c=%20#d', '❤'])
      expect((await bob.does('reaction.add', { ...at, emoji })).own).toHaveProperty([emoji], 1)
    expect(Object.keys((await alice.does('message.get', at)).message.reactions)).toHaveLength(5)

    const user = { userId: bob.id }
    for (let kind = 5; kind < LIMITS.reactionKinds; kind++)
      await server.does('reaction.add', { ...at, ...user, emoji: `kind-${kind}` })
    await server.isRefused('reaction.add', { ...at, ...user, emoji: 'one-more' }, 'reaction.limit')
    await alice.does('reaction.add', { ...at, emoji: 'kind-5' })
    await server.isRefused('reaction.add', { ...at, emoji: 'kind-5' }, 'bad_request')
    await server.isRefused(
      'reaction.add',
      { ...at, emoji: 'kind-5', userId: `nobody-${letters}` },
      'user.not_found',
    )
    await alice.isRefused('reaction.add', { ...at, ...user, emoji: 'kind-5' }, 'forbidden')
    await alice.isRefused(
      'reaction.add',
      { ...at, messageId: '1', emoji: '👍' },
      'message.not_found',
    )
  },
)

bothDoors(
  'reactions go with their message, and stay when somebody leaves [REACT-8, REACT-4, DEL-1]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const { id: messageId } = await alice.says(channelId, 'for a while')
    const { id: keptId } = await alice.says(channelId, 'for longer')
    for (const id of [messageId, keptId])
      await bob.does('reaction.add', { channelId, messageId: id, emoji: '👀' })
    await alice.does('message.delete', { channelId, messageId })
    const tombstone = await charlie.sees(channelId, { id: messageId, text: null })
    expect(tombstone).toMatchObject({ reactions: {}, reactionsVersion: 0 })
    expect(await charlie.does('reaction.list', { channelId, messageId })).toEqual({
      reactions: [],
      next: null,
    })
    await bob.isRefused('reaction.add', { channelId, messageId, emoji: '👀' }, 'message.deleted')
    await bob.does('member.leave', { channelId })
    expect(await charlie.does('message.get', { channelId, messageId: keptId })).toMatchObject({
      message: { reactions: { '👀': 1 } },
    })
    await bob.isRefused(
      'reaction.remove',
      { channelId, messageId: keptId, emoji: '👀' },
      'channel.not_found',
    )
  },
)

story(
  'who was away gets the reactions to old messages without their content, and the own ones [REACT-5, REACT-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const old = await alice.says(channelId, 'long ago')
    const other = await alice.says(channelId, 'long ago too')
    await bob.goesAway()
    await alice.does('reaction.add', { channelId, messageId: old.id, emoji: '🥇' })
    bob.door = 'rest'
    await bob.does('reaction.add', { channelId, messageId: old.id, emoji: '🥈' })
    const [{ position }] = [bob.copyOf(channelId)]
    expect(
      await bob.reads('sync.pull', { channels: [{ id: channelId, ...position }] }),
    ).toMatchObject({
      channels: [
        {
          status: 'delta',
          messages: [],
          reactions: [{ messageId: old.id, reactions: { '🥇': 1, '🥈': 1 } }],
          staleReactions: false,
          ownReactions: { [old.id]: { '🥈': 1 } },
        },
      ],
    })
    await bob.comesBack()
    await bob.sees(channelId, { id: old.id, reactions: { '🥇': 1, '🥈': 1 } })
    expect(bob.copyOf(channelId).state?.own).toEqual({ [old.id]: { '🥈': 1 } })
    await alice.does('message.edit', { channelId, messageId: other.id, text: 'and edited' })
    await bob.sees(channelId, { text: 'and edited' })
  },
)

story(
  'reactions to what one may not see are not told [REACT-9, VIS-2]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const old = await alice.says(channelId, 'before charlie')
    await bob.does('reaction.add', { channelId, messageId: old.id, emoji: `old-${letters}` })
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    await charlie.watches(channelId)
    await bob.does('reaction.add', { channelId, messageId: old.id, emoji: `late-${letters}` })
    const at = { channelId, messageId: old.id }
    await charlie.isRefused('reaction.list', at, 'message.not_found')
    await charlie.isRefused('reaction.add', { ...at, emoji: '👍' }, 'message.not_found')
    const fresh = await alice.says(channelId, 'for all')
    await charlie.sees(channelId, { id: fresh.id })
    await charlie.seesNothingOf(letters, old.id)
  },
)

story(
  'many reactions in a moment are told together, and before whatever comes next [REACT-7, REACT-6]',
  async ({ alice, bob, server, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob])
    const message = await alice.says(channelId, 'the goal!')
    const crowd = Array.from({ length: 40 }, (_, index) => ({ id: `fan-${letters}-${index}` }))
    await server.does('user.upsert', { users: crowd })
    const at = { channelId, messageId: message.id }
    await Promise.all(
      crowd.map(({ id: userId }) => server.does('reaction.add', { ...at, emoji: '⚽', userId })),
    )
    await bob.does('reaction.add', { ...at, emoji: '⚽' })
    await alice.does('message.send', { channelId, clientId: clientId(), text: 'what a goal' })
    await alice.sees(channelId, { text: 'what a goal' })
    await alice.sees(channelId, { id: message.id, reactions: { '⚽': 41 } })
    const frames = alice.line.frames.filter(
      (frame) => 'channel' in frame && frame.channel === channelId && 'prev' in frame,
    )
    const told = frames.filter((frame) => JSON.stringify(frame).includes('reaction.changed'))
    expect(told.length).toBeGreaterThan(0)
    expect(told.length, 'frames about 41 reactions').toBeLessThan(30)
    expect(told.some(({ type }) => type === 'events')).toBe(true)
    expect(bob.copyOf(channelId).state?.own).toEqual({ [message.id]: { '⚽': 1 } })
  },
)
