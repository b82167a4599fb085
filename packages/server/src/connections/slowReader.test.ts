import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import { PARTY, QUIET, World } from './world.suite.ts'

const KIB = 1024

async function party(limits = {}) {
  const world = new World(limits)
  world.product.channel(PARTY, { alice: 0, bob: 0 })
  world.product.channel(QUIET, { alice: 0, bob: 0 })
  const alice = await world.connect('alice', { channels: [PARTY] })
  const bob = await world.connect('bob', { channels: [PARTY] })
  const talk = (times: number, bytes: number) =>
    Promise.resolve().then(async () => {
      for (let count = 0; count < times; count++)
        await world.announce(world.product.commit(PARTY, { bytes }))
    })
  return { world, alice, bob, talk }
}

describe('a slow reader', () => {
  it('above 64 KiB gets no ephemeral frames; others do', async () => {
    const { world, alice, bob, talk } = await party()
    alice.stall()
    await talk(3, 30 * KIB)
    await world.announce({ kind: 'ephemeral', channelId: PARTY, frame: '{"type":"custom"}' })
    await world.announce(world.product.commit(QUIET))
    expect(alice.heardOf('custom')).toEqual([])
    expect(alice.heardOf('bump')).toEqual([])
    expect(bob.heardOf('custom')).toHaveLength(1)
    expect(bob.heardOf('bump')).toHaveLength(1)
    expect(world.gateway.counts().dropped).toBe(2)
    expect(alice.heardOf('event')).toHaveLength(3)
  })

  it('above 256 KiB gets one gap per stream when it has caught up, and then everything again', async () => {
    const { world, alice, bob, talk } = await party()
    alice.stall()
    await talk(30, 20 * KIB)
    await world.announce(world.product.commitOwn('alice'), world.product.commitOwn('alice'))
    const heard = alice.heardOf('event').length
    expect(heard).toBeLessThan(16)
    expect(bob.heardOf('event')).toHaveLength(30)
    expect(world.gateway.counts().lagging).toBe(1)
    alice.recover()
    await world.announce(world.product.commit(PARTY))
    expect(alice.heard().slice(heard)).toMatchObject([
      { type: 'gap', channel: PARTY, epoch: 1, seq: 31 },
      { type: 'gap', channel: '@me', epoch: 1, seq: 2 },
      { type: 'event', channel: PARTY, seq: 32 },
    ])
  })

  it('still gets its answers while it lags', async () => {
    const { world, alice, talk } = await party()
    alice.stall()
    await talk(30, 20 * KIB)
    const id = world.ask(alice, 'message.send', {})
    await world.time.settle()
    expect(alice.heard().at(-1)).toMatchObject({ type: 'response', id })
  })

  it('that lost access while it lagged hears no gap of that channel', async () => {
    const { world, alice, talk } = await party()
    alice.stall()
    await talk(30, 20 * KIB)
    const access = [{ kind: 'revoked', uid: uidOf('alice') }] as const
    await world.announce(world.product.commit(PARTY, { access }))
    alice.forget()
    alice.recover()
    await world.time.settle()
    expect(alice.heard()).toEqual([])
  })

  it('above 1 MiB is closed with 4020', async () => {
    const { world, alice } = await party()
    alice.stall()
    world.product.answerCall = async () => ({ text: 'x'.repeat(300 * KIB) })
    for (let count = 0; count < 6; count++) {
      world.ask(alice, 'message.history', {})
      await world.time.settle()
    }
    expect(alice.closeCode).toBe(4020)
    expect(world.gateway.counts().tooSlow).toBe(1)
  })

  it('may get one answer that is larger than all bounds', async () => {
    const { world, alice, talk } = await party()
    alice.stall()
    world.product.answerCall = async () => ({ text: 'x'.repeat(3000 * KIB) })
    world.ask(alice, 'sync.pull', {})
    await world.time.settle()
    expect(alice.closedWith).toBeNull()
    alice.recover()
    await talk(1, 10)
    expect(alice.heard().at(-1)).toMatchObject({ type: 'event' })
  })

  it('that takes nothing for 15 s is closed with 4020; one that takes a little is not', async () => {
    const { world, alice, bob, talk } = await party()
    alice.stall()
    bob.stall()
    await talk(1, 20 * KIB)
    for (let second = 0; second < 40; second++) {
      await world.time.pass(1000)
      bob.take(100)
      if (second === 13) expect(alice.closedWith).toBeNull()
      bob.say({ type: 'heartbeat' })
    }
    expect(alice.closeCode).toBe(4020)
    expect(bob.closedWith).toBeNull()
  })

  it('that was slow once and caught up is forgotten', async () => {
    const { world, alice, talk } = await party()
    alice.stall()
    await talk(1, 20 * KIB)
    alice.recover()
    for (let second = 0; second < 40; second++) {
      await world.time.pass(1000)
      alice.say({ type: 'heartbeat' })
    }
    expect(alice.closedWith).toBeNull()
  })
})
