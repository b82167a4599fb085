import { describe, expect, it } from 'vitest'
import { PARTY, World } from './world.suite.ts'

async function crowd(world: World, count: number) {
  const sockets = []
  for (let index = 0; index < count; index++) sockets.push(await world.connect(`user${index}`))
  return sockets
}

describe('drain', () => {
  it('closes a few at a time over the window, each with its bye', async () => {
    const world = new World()
    const sockets = await crowd(world, 100)
    let done = false
    const drained = world.gateway.drain(30_000).then(() => {
      done = true
    })
    const closed = () => sockets.filter((socket) => socket.closedWith).length
    const steps: number[] = []
    for (let second = 0; second < 10; second++) {
      steps.push(closed())
      await world.time.pass(1000)
    }
    for (const [before, after] of steps.slice(1).map((step, index) => [steps[index] ?? 0, step]))
      expect((after ?? 0) - (before ?? 0)).toBeLessThanOrEqual(12)
    expect(closed()).toBe(100)
    expect(sockets.map((socket) => socket.closeCode)).toEqual(Array(100).fill(4012))
    expect(sockets[99]?.heard()).toEqual([{ type: 'bye', code: 4012, reconnectInMs: [0, 10_000] }])
    expect(done).toBe(false)
    for (const socket of sockets) socket.vanish()
    await world.time.pass(300)
    await drained
    expect(world.gateway.counts()).toMatchObject({ connections: 0, closing: 0, users: 0 })
  })

  it('lets answers that are under way finish, and takes no new requests meanwhile', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    let finish = () => {}
    world.product.answerCall = () =>
      new Promise((resolve) => {
        finish = () => resolve({ stored: true })
      })
    const id = world.ask(alice, 'message.send', {})
    await world.time.settle()
    void world.gateway.drain(30_000)
    await world.time.pass(1000)
    expect(alice.closedWith).toBeNull()
    world.ask(alice, 'message.send', {})
    await world.time.settle()
    finish()
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'response', error: { code: 'unavailable' } },
      { type: 'response', id, data: { stored: true } },
      { type: 'bye', code: 4012 },
    ])
    expect(alice.closeCode).toBe(4012)
  })

  it('lets nobody in any more', async () => {
    const world = new World()
    void world.gateway.drain(30_000)
    expect(world.gateway.admit('192.0.2.1')).toMatchObject({ ok: false })
    const late = world.arrive()
    expect(late.closeCode).toBe(4012)
  })

  it('is over when the budget is spent, whatever hangs', async () => {
    const world = new World()
    const sockets = await crowd(world, 3)
    world.product.answerCall = () => new Promise(() => {})
    for (const socket of sockets) world.ask(socket, 'message.send', {})
    await world.time.settle()
    const drained = world.gateway.drain(8000)
    await world.time.pass(8100)
    await drained
    expect(sockets.map((socket) => socket.closedWith)).toEqual(Array(3).fill('terminated'))
    expect(world.gateway.counts().connections).toBe(0)
  })

  it('tells clients to spread out over the time that it takes to let all of them in', async () => {
    const world = new World({ handshakesPerSecond: 1 })
    const sockets = await crowd(world, 40)
    void world.gateway.drain(10_000)
    await world.time.pass(6000)
    expect(sockets[0]?.heard()).toEqual([{ type: 'bye', code: 4012, reconnectInMs: [0, 40_000] }])
  })

  it('can be cut short', async () => {
    const world = new World()
    world.product.channel(PARTY, { user0: 0, user1: 0 })
    const sockets = await crowd(world, 2)
    world.gateway.closeAll()
    expect(sockets.map((socket) => socket.closedWith)).toEqual(['terminated', 'terminated'])
    expect(world.gateway.counts()).toMatchObject({ connections: 0, users: 0, hubs: 0 })
    expect(world.time.pendingTimers).toBe(0)
  })
})

describe('admission', () => {
  it('bounds the handshakes of a second', () => {
    const world = new World({ handshakesPerSecond: 1, handshakesBurst: 2 })
    const admitted = [1, 2, 3].map((part) => world.gateway.admit(`192.0.2.${part}`))
    expect(admitted).toMatchObject([{ ok: true }, { ok: true }, { ok: false }])
    const [, , refusal] = admitted
    expect(refusal?.ok === false && refusal.retryAfterMs).toBeGreaterThanOrEqual(1000)
  })

  it('bounds the sockets without a hello, per address and in all', async () => {
    const world = new World({ unauthenticatedPerAddress: 2, unauthenticatedSockets: 3 })
    const first = world.arrive({ address: '192.0.2.1' })
    world.arrive({ address: '192.0.2.1' })
    expect(world.gateway.admit('192.0.2.1').ok).toBe(false)
    expect(world.gateway.admit('192.0.2.2').ok).toBe(true)
    world.arrive({ address: '192.0.2.2' })
    expect(world.gateway.admit('192.0.2.3').ok).toBe(false)
    first.say({ type: 'hello', protocol: 1, token: 'alice', device: 'd' })
    await world.time.settle()
    expect(world.gateway.admit('192.0.2.1').ok).toBe(true)
    expect(world.gateway.counts().unproven).toBe(2)
  })
})
