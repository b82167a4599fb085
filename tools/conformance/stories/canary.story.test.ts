import { expect } from 'vitest'
import { type Attacker, attack, subscribe } from '../src/canary/attack.ts'
import { liveOn, type Markers, plant, type World } from '../src/canary/world.ts'
import { type Cast, story, theTarget } from '../src/cast.ts'
import type { Line } from '../src/doors/line.ts'
import { fetchRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const everything = ({ shared, old, secret }: Markers) => [...shared, ...old, ...secret]

/** Listens while the victim lives on, then asks for everything; gives back what must not have been heard. */
async function listenAndAsk(
  world: World,
  attacker: Attacker,
  person: Person | null,
): Promise<Markers> {
  // Asking may end a watch that should have ended before: whoever watched keeps still until the victim has spoken.
  const lines = await subscribe(world, attacker)
  const live = await liveOn(world)
  await person?.catchesUp()
  await attack(world, attacker, person?.line ?? null)
  await attack(world, attacker, lines.find(({ closed }) => closed === null) ?? null)
  await Promise.all(lines.map((line: Line) => line.closed ?? line.asks('channel.list', {})))
  lines.forEach((line) => void line.check())
  await Promise.all(lines.map((line) => line.hangUp()))
  expect(attacker.ears.count).toBeGreaterThan(400)
  return live
}

const asAttacker = (person: Person): Attacker => ({
  id: person.id,
  bearer: person.token,
  ears: person.ears,
  spares: ['member.leave'],
})

/** The markers are where they were put: members hear them, so that silence elsewhere means something. */
async function expectHeard(
  friend: Person,
  { markers, channelId, directId }: World,
  live: Markers,
): Promise<void> {
  for (const id of [channelId, directId]) {
    await friend.does('channel.get', { channelId: id })
    await friend.does('member.list', { channelId: id })
  }
  const missed = [
    ...markers.shared,
    ...markers.old,
    ...live.shared,
    ...live.old,
    ...live.secret,
  ].filter((marker) => friend.ears.find([marker]).length === 0)
  expect(missed).toEqual([])
}

async function build({ alice, bob, server }: Cast, early: readonly Person[]): Promise<World> {
  return plant({ server, victim: alice, friend: bob, early })
}

story('a user without a common channel gets not one byte of it [VIS-6, VIS-7]', async (cast) => {
  const { bob, charlie } = cast
  const world = await build(cast, [])
  const live = await listenAndAsk(world, asAttacker(charlie), charlie)
  await expectHeard(bob, world, live)
  await charlie.seesNothingOf(...everything(world.markers), ...everything(live))
})

story('who was removed gets not one byte more [VIS-3, VIS-4]', async (cast) => {
  const { alice, bob, meets } = cast
  const dana = await meets('dana')
  const world = await build(cast, [dana])
  await alice.does('member.remove', { channelId: world.channelId, userId: dana.id })
  dana.ears.forget()
  const live = await listenAndAsk(world, asAttacker(dana), dana)
  await expectHeard(bob, world, live)
  await dana.seesNothingOf(...everything(world.markers), ...everything(live))
})

story(
  'a member of a disabled channel gets not one byte of what is in it [STATE-4, STATE-5]',
  async (cast) => {
    const { server, meets } = cast
    const dana = await meets('dana')
    const world = await build(cast, [dana])
    const { channelId, markers, messages } = world
    await server.does('channel.update', { channelId, state: 'disabled' })
    await dana.catchesUp()
    dana.ears.forget()
    const attacker = { ...asAttacker(dana), spares: [] }
    const lines = await subscribe(world, attacker)
    const said = `canary${world.letters}Disabled`
    const wish = { channelId, clientId: clientId(), text: said, quotedId: messages[0]?.id ?? '' }
    await server.does('message.send', wish)
    await server.does('event.send', { channelId, name: said })
    await attack(world, attacker, dana.line)
    await attack(world, attacker, lines.find(({ closed }) => closed === null) ?? null)
    await Promise.all(lines.map((line: Line) => line.closed ?? line.asks('channel.list', {})))
    lines.forEach((line) => void line.check())
    await Promise.all(lines.map((line) => line.hangUp()))
    expect(dana.ears.find([channelId]), 'it is in the list').not.toEqual([])
    await dana.seesNothingOf(...markers.old, ...markers.secret, said)
  },
)

story('who joined later gets not one byte of what was before [VIS-1, VIS-2]', async (cast) => {
  const { alice, bob, meets } = cast
  const erin = await meets('erin')
  const world = await build(cast, [])
  await alice.does('member.add', { channelId: world.channelId, members: [{ userId: erin.id }] })
  const live = await listenAndAsk(world, asAttacker(erin), erin)
  await expectHeard(bob, world, live)
  const { old, secret } = world.markers
  await erin.seesNothingOf(...old, ...secret, ...live.old, ...live.secret)
  expect(erin.ears.find(live.shared), 'a member hears what is said now').not.toEqual([])
})

story('who has no token gets not one byte [AUTH-7]', async (cast) => {
  const world = await build(cast, [])
  const nobody: Attacker = { id: 'nobody', bearer: null, ears: new Ears() }
  const live = await listenAndAsk(world, nobody, null)
  expect(nobody.ears.find([...everything(world.markers), ...everything(live)])).toEqual([])
})

story('what is refused is not repeated [ERR-4]', async ({ alice, letters, opensGroup, target }) => {
  const { id: channelId } = await opensGroup([])
  const echo = `echo${letters}`
  const bad: [string, object][] = [
    ['message.send', { channelId, clientId: echo, text: echo }],
    ['message.send', { channelId, clientId: echo, text: echo.repeat(3000), custom: { a: echo } }],
    ['message.send', { channelId, text: `${echo}\u0000`, more: echo }],
    ['user.update', { name: `${echo}\u0000`, avatar: echo }],
    ['channel.create', { clientId: echo, type: echo, members: [{ userId: `${echo} ` }] }],
    ['channel.get', { channelId: echo }],
    ['message.history', { channelId, limit: echo }],
    ['channel.list', { cursor: echo, name: echo }],
    ['sync.pull', { channels: [{ id: echo }] }],
  ]
  for (const [name, input] of bad)
    for (const door of ['rest', 'socket'] as const) await alice.ask(name as never, input, door)
  await alice.line.asks(null, { echo }, { op: echo })
  const caller = { url: target.urls[0], bearer: echo, ears: alice.ears }
  await fetchRest(caller, { method: 'GET', path: `/v1/${echo}` })
  await fetchRest(
    { ...caller, bearer: alice.token },
    {
      method: 'POST',
      path: '/v1/sync',
      body: `{"${echo}"`,
      headers: { 'Content-Type': 'application/json' },
    },
  )
  expect(alice.ears.find([echo])).toEqual([])
  expect(theTarget().urls).toEqual(target.urls)
})
