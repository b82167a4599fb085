import { expect } from 'vitest'
import { bothDoors, mustStayOutOfTheLog, story } from '../src/cast.ts'
import { helloFrame } from '../src/doors/hello.ts'
import { Line } from '../src/doors/line.ts'
import { callRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import { goodToken } from '../src/tokens.ts'
import { until } from '../src/until.ts'

story(
  'a valid token of somebody new creates the user, named by the id [AUTH-6]',
  async ({ target, letters, server }) => {
    const id = `newcomer-${letters}`
    await server.isRefused('user.get', { userId: id }, 'user.not_found')
    const bearer = goodToken(target.secret, id)
    mustStayOutOfTheLog(bearer)
    const answer = await callRest({ url: target.urls[0], bearer, ears: new Ears() }, 'user.get', {
      userId: id,
    })
    expect(answer.ok && answer.data).toMatchObject({ user: { id, name: id } })
    await server.does('user.get', { userId: id })
  },
)

story(
  'deactivating shuts a user out at once, and leaves what they said [CONN-10, DEL-4, AUTH-7]',
  async ({ alice, bob, charlie, server, target, opensGroup }) => {
    const channel = await opensGroup([bob, charlie])
    await bob.says(channel.id, 'I was here')
    const { line } = await bob.connects()

    const { user } = await server.does('user.deactivate', { userId: bob.id })
    expect(user.deactivatedAt).toBeGreaterThan(0)
    expect(await bob.line.isClosed(1000)).toMatchObject({ code: 4403 })
    expect(await line.isClosed(1000)).toMatchObject({ code: 4403 })
    expect(await bob.ask('channel.list', {}, 'rest')).toMatchObject({
      ok: false,
      error: { code: 'user.deactivated' },
    })

    const again = await Line.open({ url: target.urls[0], ears: bob.ears })
    again.say(helloFrame({ token: bob.token }))
    expect(await again.sees('error')).toMatchObject({ error: { code: 'user.deactivated' } })
    expect(await again.isClosed()).toMatchObject({ code: 4403 })

    await alice.sees(channel.id, { text: 'I was here', author: bob.id })
    expect(await alice.does('user.get', { userId: bob.id })).toMatchObject({
      user: { deactivatedAt: user.deactivatedAt },
    })
    expect(await server.does('user.deactivate', { userId: bob.id })).toEqual({ user })
  },
)

story(
  'nothing that is said afterwards reaches a deactivated user [CONN-10]',
  async ({ alice, bob, server, letters, opensGroup }) => {
    const channel = await opensGroup([bob])
    await server.does('user.deactivate', { userId: bob.id })
    await alice.says(channel.id, `afterwards ${letters}`)
    await bob.line.isClosed()
    expect(bob.ears.find([`afterwards ${letters}`])).toEqual([])
  },
)

story(
  'a reactivated user is back with the same token and the same channels [DEL-4]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const channel = await opensGroup([bob])
    await server.does('user.deactivate', { userId: bob.id })
    await bob.line.isClosed()
    await alice.says(channel.id, 'while you were out')
    await server.isRefused('user.deactivate', { userId: `${bob.id}-x` }, 'user.not_found')

    expect(await server.does('user.reactivate', { userId: bob.id })).toMatchObject({
      user: { deactivatedAt: null },
    })
    await bob.arrives()
    await bob.watches(channel.id)
    await bob.sees(channel.id, { text: 'while you were out' })
    await charlie.isRefused('channel.get', { channelId: channel.id }, 'channel.not_found')
  },
)

bothDoors(
  'a deactivated user cannot be added or spoken for [OP-3]',
  async ({ alice, bob, server, opensGroup }) => {
    const channel = await opensGroup([])
    await server.does('user.deactivate', { userId: bob.id })
    await alice.isRefused(
      'member.add',
      { channelId: channel.id, members: [{ userId: bob.id }] },
      'user.unreachable',
    )
  },
)

story(
  'revoked tokens close every connection within a second, and open nothing any more [CONN-10, AUTH-7]',
  async ({ alice, bob, server, target, opensGroup }) => {
    const channel = await opensGroup([bob])
    const { line } = await alice.connects()
    const old = alice.token
    await server.does('user.revokeTokens', { userId: alice.id })
    const asked = performance.now()
    expect(await alice.line.isClosed(1000)).toMatchObject({ code: 4401 })
    expect(await line.isClosed(1000)).toMatchObject({ code: 4401 })
    expect(performance.now() - asked).toBeLessThan(1000)

    expect(await alice.ask('channel.list', {}, 'rest')).toMatchObject({
      ok: false,
      error: { code: 'unauthenticated' },
    })
    const again = await Line.open({ url: target.urls[0], ears: alice.ears })
    again.say(helloFrame({ token: old }))
    expect(await again.sees('error')).toMatchObject({ error: { code: 'unauthenticated' } })
    expect(await again.isClosed()).toMatchObject({ code: 4401 })
    await bob.says(channel.id, 'I am still here')
  },
)

story(
  'after a revocation only tokens of a later second are good [AUTH-7]',
  async ({ alice, bob, server, target }) => {
    await server.does('user.revokeTokens', { userId: alice.id })
    await alice.line.isClosed()
    await until('a token of a later second is taken', async () => {
      alice.uses(goodToken(target.secret, alice.id))
      return (await alice.ask('channel.list', {}, 'rest')).ok
    })
    await alice.arrives()
    expect(bob.line.closed).toBeNull()
  },
)

story('only app servers deactivate and revoke [AUTH-8]', async ({ alice, bob }) => {
  for (const name of ['user.deactivate', 'user.reactivate', 'user.revokeTokens'] as const) {
    await alice.isRefused(name, { userId: bob.id }, 'forbidden')
    await alice.isRefused(name, { userId: alice.id }, 'forbidden')
  }
  expect(bob.line.closed).toBeNull()
})
