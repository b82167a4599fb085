import { expect } from 'vitest'
import { bothDoors } from '../src/cast.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

const here = { mentions: [{ kind: 'here' as const, start: 0, length: 5 }] }

/** Does something, and waits until the others see that it was done. */
async function comes(person: Person, witness: Person): Promise<void> {
  person.line.say({ type: 'active' })
  await until(`${person.id} is there`, async () => {
    const { presences } = await witness.does('presence.watch', { userIds: [person.id] })
    return presences[0]?.state === 'online'
  })
}

const mentionsOf = async (person: Person, channelId: string) =>
  (await person.reads('channel.get', { channelId })).read?.mentions

bothDoors(
  'those who are there are called, and stay called, whoever comes later [SEND-9, UNREAD-7]',
  async ({ alice, bob, charlie, meets, server, opensGroup }) => {
    const [dana, erin] = [await meets('dana'), await meets('erin')]
    const { id: channelId } = await opensGroup([bob, charlie, erin])
    for (const person of [alice, bob]) await comes(person, charlie)
    erin.line.say({ type: 'active' })
    await erin.does('presence.set', { choice: 'invisible' })
    dana.line.say({ type: 'active' })
    const wish = { channelId, clientId: clientId(), text: '@here', ...here }
    const { message } = await alice.does('message.send', wish)
    expect(message.mentions).toEqual(here.mentions)
    expect(await bob.sees(channelId, { id: message.id })).toMatchObject(here)
    const counts = () =>
      Promise.all([alice, bob, charlie, erin].map((person) => mentionsOf(person, channelId)))
    expect(await counts(), 'bob alone was there').toEqual([0, 1, 0, 0])

    await comes(charlie, bob)
    expect(await alice.does('message.send', wish)).toMatchObject({ duplicate: true })
    await bob.goesAway()
    expect(await counts(), 'it stays as it was').toEqual([0, 1, 0, 0])
    await bob.comesBack()
    const at = { channelId, messageId: message.id }
    await alice.does('message.edit', { ...at, mentions: [] })
    expect(await counts()).toEqual([0, 0, 0, 0])
    await alice.does('message.edit', { ...at, ...here })
    expect(await counts(), 'an edit means those who are there then').toEqual([0, 1, 1, 0])
    await server.does('message.send', { channelId, clientId: clientId(), text: '@here', ...here })
    expect(await counts(), 'the app calls too').toEqual([1, 2, 2, 0])
    await dana.seesNothingOf(channelId)
  },
)

bothDoors(
  'whoever may not call everybody calls nobody who is there, and no block is overcome [SEND-9, BLOCK-6]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    for (const person of [alice, charlie]) await comes(person, bob)
    const wish = { channelId, clientId: clientId(), text: '@here', ...here }
    await bob.isRefused('message.send', wish, 'forbidden')
    await server.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await alice.does('user.block', { userId: bob.id })
    await bob.says(channelId, '@here', here)
    expect(await mentionsOf(charlie, channelId)).toBe(1)
    expect(await mentionsOf(alice, channelId)).toBe(0)
    await alice.does('user.unblock', { userId: bob.id })
    expect(await mentionsOf(alice, channelId)).toBe(0)
  },
)

bothDoors(
  'a reply that calls those who are there draws them into its thread, and nobody else [THREAD-6, UNREAD-7, BLOCK-6]',
  async ({ alice, bob, charlie, meets, opensGroup }) => {
    const [dave, erin] = [await meets('dave'), await meets('erin')]
    const { id: channelId } = await opensGroup([bob, charlie, dave, erin])
    for (const person of [alice, bob, charlie]) await comes(person, dave)
    await charlie.does('user.block', { userId: alice.id })
    const { id: threadRootId } = await erin.says(channelId, 'root')
    const everybody = { mentions: [{ kind: 'channel' as const, start: 0, length: 8 }] }
    const follow = () =>
      Promise.all(
        [bob, charlie, dave].map(async (person) => {
          const { state } = await person.reads('thread.get', { channelId, messageId: threadRootId })
          return state.following
        }),
      )
    await alice.says(channelId, '@channel', { threadRootId, ...everybody })
    await alice.says(channelId, '@here', { threadRootId, silent: true, ...here })
    expect(await follow()).toEqual([false, false, false])
    await alice.says(channelId, '@here', { threadRootId, ...here })
    expect(await follow(), 'bob alone was there and hears her').toEqual([true, false, false])
    expect(await mentionsOf(bob, channelId), 'the channel says nothing').toBe(0)
  },
)
