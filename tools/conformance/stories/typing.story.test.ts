import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import type { Line } from '../src/doors/line.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

const types = ({ line }: { readonly line: Line }, channel: string, active = true) =>
  line.say({ type: 'typing', channel, active })

const toldOn = ({ frames }: Line) => frames.filter((frame) => frame.type === 'typing')

/** A later answer on the same line: whatever the frames before it brought about is there too. */
const settles = async (...lines: readonly Line[]) => {
  for (const line of lines) await line.asks('channel.list', {})
}

const seesTyping = (person: Person, channel: string, users: readonly string[]) =>
  person.line.sees(
    'typing',
    (frame) => frame.channel === channel && JSON.stringify(frame.users) === JSON.stringify(users),
  )

story(
  'who looks at a channel sees who types there, and nobody sees themselves [TYPE-1, TYPE-3]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channel } = await opensGroup([bob])
    const desk = await alice.connects({ channels: [{ id: channel, interest: 'full' }] })
    const list = await bob.connects({ channels: [{ id: channel, interest: 'list' }] })
    types(alice, channel)
    expect(await seesTyping(bob, channel, [alice.id])).toEqual({
      type: 'typing',
      channel,
      users: [alice.id],
      count: 1,
    })
    types(bob, channel)
    await seesTyping(alice, channel, [bob.id])
    types(alice, channel, false)
    await seesTyping(bob, channel, [])
    types(bob, channel, false)
    await seesTyping(alice, channel, [])
    await settles(alice.line, bob.line, desk.line, list.line)
    for (const line of [alice.line, desk.line])
      expect(toldOn(line).map(({ users }) => users)).toEqual([[bob.id], []])
    expect(toldOn(bob.line).map(({ users }) => users)).toEqual([[alice.id], []])
    expect(toldOn(list.line), 'a list shows no typing').toEqual([])
    expect(bob.copyOf(channel).position).toEqual(alice.copyOf(channel).position)
    await charlie.seesNothingOf(channel, letters)
  },
)

story(
  'a message ends the typing of its author, and so does silence [TYPE-4]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channel } = await opensGroup([bob, charlie])
    types(alice, channel)
    await seesTyping(charlie, channel, [alice.id])
    types(bob, channel)
    await seesTyping(charlie, channel, [alice.id, bob.id])
    const root = await alice.says(channel, 'there it is')
    await seesTyping(charlie, channel, [bob.id])
    await bob.says(channel, 'and this below it', { threadRootId: root.id })
    await charlie.line.sees('typing', ({ users }) => users.length === 0)
    types(bob, channel)
    await until('bob types again', () => toldOn(charlie.line).at(-1)?.count === 1)
    await until('bob types no more', () => toldOn(charlie.line).at(-1)?.count === 0)
  },
)

story(
  'nobody types into a channel that is not theirs, or who may not send [TYPE-2, VIS-6]',
  async ({ alice, bob, charlie, server, opensGroup, letters }) => {
    const { id: secret } = await opensGroup([bob])
    types(charlie, secret)
    const { channel: stage } = await server.does('channel.getOrCreate', {
      key: `live-${letters}`,
      type: 'live',
      members: [{ userId: alice.id }],
    })
    for (const person of [alice, bob, charlie]) await person.watches(stage.id)
    types(charlie, stage.id)
    types(alice, stage.id)
    await charlie.line.asks('interest.set', { channels: [{ id: secret, interest: 'full' }] })
    types(charlie, secret)
    const left = await bob.connects({ channels: [{ id: secret, interest: 'full' }] })
    await alice.does('member.remove', { channelId: secret, userId: bob.id })
    left.line.say({ type: 'typing', channel: secret, active: true })
    types(bob, secret)
    await settles(charlie.line, bob.line, left.line, alice.line)
    // One who may is heard: what came before on the same lines would have been, too.
    await alice.does('member.add', { channelId: secret, members: [{ userId: charlie.id }] })
    await charlie.watches(secret)
    types(charlie, secret)
    await seesTyping(alice, secret, [charlie.id])
    expect(toldOn(alice.line)).toHaveLength(1)
    for (const line of [bob.line, left.line]) expect(toldOn(line)).toEqual([])
  },
)

bothDoors(
  'a user may keep to themselves that they type [PRIV-1, PRIV-2]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channel } = await opensGroup([bob, charlie])
    expect(await alice.does('privacy.get', {})).toEqual({
      privacy: { typing: true, receipts: true },
    })
    const hidden = { privacy: { typing: false, receipts: true } }
    expect(await alice.does('privacy.update', { typing: false })).toEqual(hidden)
    expect(await alice.does('privacy.update', {})).toEqual(hidden)
    expect(await alice.does('privacy.get', {})).toEqual(hidden)
    expect((await bob.does('privacy.get', {})).privacy.typing).toBe(true)
    types(alice, channel)
    await settles(alice.line)
    types(bob, channel)
    await seesTyping(charlie, channel, [bob.id])
    await seesTyping(alice, channel, [bob.id])
    await alice.does('privacy.update', { typing: true })
    types(alice, channel)
    await seesTyping(charlie, channel, [bob.id, alice.id])
    expect(toldOn(charlie.line)[0]?.users).toEqual([bob.id])
  },
)
