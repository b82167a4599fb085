import { expect, test } from 'vitest'
import type { Companion } from '../ports/companion.ts'
import { uidOf } from './product.suite.ts'
import type { SimulatedSocket } from './sockets.suite.ts'
import { PARTY, World } from './world.suite.ts'

const told = (socket: SimulatedSocket) =>
  socket
    .heardOf('receipts')
    .map(({ receipts }) => (receipts as { userId: string }[]).map(({ userId }) => userId).join('+'))

/** Alice, bob and carol look on; `kept` says from whom a companion keeps whose values. */
async function open(kept: Readonly<Record<string, readonly string[]>> = {}) {
  const companion: Companion = {
    meet() {},
    signals: {},
    keptFrom: (uid) => (kept[uid.replace('uid-', '')] ?? []).map(uidOf),
  }
  const world = new World({}, () => [companion])
  world.product.channel(PARTY, { alice: 0, bob: 0, carol: 0 })
  const connect = (name: string) => world.connect(name, { channels: [PARTY] })
  const tell = (name: string, ...except: readonly string[]) =>
    world.announce({
      kind: 'value',
      channelId: PARTY,
      type: 'receipts',
      key: uidOf(name),
      value: { userId: name },
      except: except.map(uidOf),
    })
  const people = {
    alice: await connect('alice'),
    bob: await connect('bob'),
    carol: await connect('carol'),
  }
  return { world, tell, ...people }
}

test('values are told at once, and then together, the last one of each', async () => {
  const { world, tell, alice, bob } = await open()
  for (const name of ['alice', 'bob', 'alice', 'carol']) await tell(name)
  expect(told(alice)).toEqual(['alice'])
  await world.time.pass(1000)
  for (const socket of [alice, bob]) expect(told(socket)).toEqual(['alice', 'bob+alice+carol'])
})

test('whoever is excepted, or kept out by a companion, hears of the others alone', async () => {
  const { world, tell, alice, bob, carol } = await open({ carol: ['alice'] })
  await tell('alice', 'bob')
  expect([told(alice), told(bob), told(carol)]).toEqual([['alice'], [], ['alice']])
  for (const name of ['carol', 'bob']) await tell(name)
  await tell('alice', 'bob')
  await world.time.pass(1000)
  expect(told(alice).at(-1)).toBe('bob+alice')
  expect(told(bob)).toEqual(['carol+bob'])
  expect(told(carol).at(-1)).toBe('carol+bob+alice')
})
