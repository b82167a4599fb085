import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import { live, World } from './world.suite.ts'

describe('tokens', () => {
  it('are warned of a minute before they expire and end half a minute after', async () => {
    const world = new World()
    world.product.tokenLifeMs = 130_000
    const alice = await world.connect('alice')
    await live(world, alice, 69_000)
    expect(alice.heardOf('auth')).toEqual([])
    await live(world, alice, 2000)
    const [warning] = alice.heardOf('auth')
    expect(warning?.['expiresInMs']).toBeGreaterThan(58_000)
    expect(warning?.['expiresInMs']).toBeLessThanOrEqual(60_000)
    await live(world, alice, 87_000)
    expect(alice.closedWith).toBeNull()
    await live(world, alice, 3000)
    expect(alice.closeCode).toBe(4401)
    expect(alice.heardOf('auth')).toHaveLength(1)
  })

  it('that live shorter than the warning are warned of when half of their life is over', async () => {
    const world = new World()
    world.product.tokenLifeMs = 20_000
    const alice = await world.connect('alice')
    await live(world, alice, 9000)
    expect(alice.heardOf('auth')).toEqual([])
    await live(world, alice, 2000)
    expect(alice.heardOf('auth')).toHaveLength(1)
    world.ask(alice, 'session.renew', { token: 'alice' })
    await live(world, alice, 9000)
    expect(alice.heardOf('auth')).toHaveLength(1)
    await live(world, alice, 2000)
    expect(alice.heardOf('auth')).toHaveLength(2)
  })

  it('are warned of after the welcome, however late that comes', async () => {
    const world = new World()
    world.product.tokenLifeMs = 20_000
    world.product.holdReads = true
    const alice = world.greet('alice')
    await live(world, alice, 12_000)
    expect(alice.writes).toEqual([])
    world.product.reads[0]?.answer()
    await live(world, alice, 1000)
    expect(alice.heard().map(({ type }) => type)).toEqual(['welcome', 'auth'])
  })

  it('are renewed in place', async () => {
    const world = new World()
    world.product.tokenLifeMs = 100_000
    const alice = await world.connect('alice')
    await live(world, alice, 50_000)
    world.product.tokenLifeMs = 200_000
    world.ask(alice, 'session.renew', { token: 'alice' })
    await world.time.settle()
    expect(alice.heardOf('response')).toMatchObject([
      { data: { expiresAt: world.time.now() + 200_000 } },
    ])
    await live(world, alice, 138_000)
    expect(alice.heardOf('auth')).toHaveLength(1)
    await live(world, alice, 3000)
    expect(alice.heardOf('auth')).toHaveLength(2)
  })

  it('of somebody else end the connection', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    world.ask(alice, 'session.renew', { token: 'bob' })
    await world.time.settle()
    expect(alice.heard()).toMatchObject([{ type: 'response', error: { code: 'forbidden' } }])
    expect(alice.closeCode).toBe(4403)
  })

  it('that are no good leave the old one in place', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    world.ask(alice, 'session.renew', { token: 'expired' })
    await world.time.settle()
    expect(alice.heard()).toMatchObject([{ type: 'response', error: { code: 'token_expired' } }])
    expect(alice.closedWith).toBeNull()
  })
})

describe('revocation', () => {
  const revoked = {
    kind: 'disconnect',
    uid: uidOf('alice'),
    code: 4401,
    issuedUntil: 1500,
  } as const

  it('ends the connections that rest on a revoked token, and no others', async () => {
    const world = new World()
    const old = await world.connect('alice/old')
    const fresh = await world.connect('alice')
    const bob = await world.connect('bob/old')
    await world.announce(revoked)
    expect(old.closeCode).toBe(4401)
    expect(fresh.closedWith).toBeNull()
    expect(bob.closedWith).toBeNull()
    await world.announce({ ...revoked, code: 4403, issuedUntil: null })
    expect(fresh.closeCode).toBe(4403)
  })

  it('finds a connection whose token was being checked when it came', async () => {
    const world = new World()
    const check = world.product.userByToken.bind(world.product)
    let finish = () => {}
    world.product.userByToken = (token) =>
      new Promise((resolve) => {
        finish = () => resolve(check(token))
      })
    const alice = world.greet('alice/old')
    await world.announce(revoked)
    finish()
    await world.time.settle()
    expect(alice.closeCode).toBe(4401)
    expect(alice.heard()).toEqual([])
  })

  it('of long ago does not end a new connection', async () => {
    const world = new World()
    await world.announce({ ...revoked, issuedUntil: null })
    const alice = await world.connect('alice')
    expect(alice.closedWith).toBeNull()
  })
})
