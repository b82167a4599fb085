import { randomBytes } from 'node:crypto'
import { LIMITS } from '@tertulia/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../ports/clock.ts'
import { createAuthenticate } from './bearer.ts'
import { createIdentities } from './identities.ts'
import { type ApiKeyRecord, createKeyring } from './keyring.ts'
import { hashOfKey, newApiKey } from './keys.ts'
import type { Person } from './people.ts'
import { createTickets } from './tickets.ts'
import { createUserTokens, mintToken, type TokenClaims } from './tokens.ts'

const SECRET = 'a secret that nobody can guess, 2026'
const START = 1_800_000_000_000
const random = { bytes: (count: number) => randomBytes(count) }

let now = START
const clock: Clock = { now: () => now, monotonic: () => now - START }
const people = new Map<string, Person>()

function identitiesWith(autoCreateUsers: boolean) {
  return createIdentities({
    tokens: createUserTokens({ secrets: [SECRET], clock }),
    tickets: createTickets<TokenClaims>({ clock, random }),
    autoCreateUsers,
    people: {
      session: async (id) => people.get(id) ?? null,
      create: async (id) => {
        const person = { uid: String(100 + people.size), deactivated: false, tokensRevokedAt: null }
        people.set(id, person)
        return person
      },
    },
  })
}

const tokenOf = (userId: string, expiresInSeconds = 3600) =>
  mintToken(SECRET, { userId, expiresInSeconds, now })

beforeEach(() => {
  now = START
  people.clear()
  people.set('alice', { uid: '7', deactivated: false, tokensRevokedAt: null })
})

describe('identities', () => {
  it('lets alice in by her token', async () => {
    expect(await identitiesWith(true).userByToken(await tokenOf('alice'))).toEqual({
      actor: { kind: 'user', uid: '7', id: 'alice' },
      issuedAt: START / 1000,
      expiresAt: START + 3_600_000,
    })
  })

  it('creates an unknown user from a valid token, unless that is off', async () => {
    const token = await tokenOf('bob')
    await expect(identitiesWith(false).userByToken(token)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    expect(people.has('bob')).toBe(false)
    expect((await identitiesWith(true).userByToken(token)).actor).toEqual({
      kind: 'user',
      uid: '101',
      id: 'bob',
    })
    expect((await identitiesWith(false).userByToken(token)).actor.uid).toBe('101')
  })

  it('refuses a deactivated user and never revives her', async () => {
    people.set('alice', { uid: '7', deactivated: true, tokensRevokedAt: null })
    await expect(identitiesWith(true).userByToken(await tokenOf('alice'))).rejects.toMatchObject({
      code: 'user.deactivated',
    })
  })

  it('refuses tokens of the second of a revocation and before, not of the next', async () => {
    people.set('alice', { uid: '7', deactivated: false, tokensRevokedAt: START + 400 })
    const identities = identitiesWith(true)
    now = START + 900
    await expect(identities.userByToken(await tokenOf('alice'))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    now = START + 1000
    expect((await identities.userByToken(await tokenOf('alice'))).actor.id).toBe('alice')
  })

  it('opens one connection with a ticket, with the life of the token behind it', async () => {
    const identities = identitiesWith(true)
    const session = await identities.userByToken(await tokenOf('alice', 600))
    const { ticket, expiresAt } = identities.ticketFor(session.actor)
    expect(expiresAt).toBe(START + LIMITS.ticketMs)
    now += 1000
    expect(await identities.userByTicket(ticket)).toEqual(session)
    await expect(identities.userByTicket(ticket)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('holds a ticket against the user as she stands when it is used', async () => {
    const identities = identitiesWith(true)
    const { actor } = await identities.userByToken(await tokenOf('alice'))
    const { ticket } = identities.ticketFor(actor)
    people.set('alice', { uid: '7', deactivated: false, tokensRevokedAt: START + 5000 })
    await expect(identities.userByTicket(ticket)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('gives no ticket to an actor that no token let in', () => {
    expect(() => identitiesWith(true).ticketFor({ kind: 'user', uid: '7', id: 'alice' })).toThrow(
      /token/,
    )
  })
})

describe('tickets', () => {
  it('expire', () => {
    const tickets = createTickets<string>({ clock, random })
    const { ticket } = tickets.issue('alice')
    now += LIMITS.ticketMs
    expect(tickets.redeem(ticket)).toBeNull()
  })

  it('are bounded, and room comes back with time and use', () => {
    const tickets = createTickets<string>({ clock, random, kept: 2 })
    const { ticket } = tickets.issue('alice')
    tickets.issue('bob')
    expect(() => tickets.issue('charlie')).toThrow(expect.objectContaining({ code: 'unavailable' }))
    expect(tickets.redeem(ticket)).toBe('alice')
    tickets.issue('charlie')
    now += LIMITS.ticketMs
    tickets.issue('alice')
    expect(tickets.redeem(tickets.issue('bob').ticket)).toBe('bob')
  })
})

describe('server keys', () => {
  const key = newApiKey(random)
  const bootstrap = newApiKey(random)
  let record: ApiKeyRecord
  let touched: number[]
  let lookups: number

  const keyring = createKeyring({
    bootstrap,
    clock,
    apiKeys: {
      find: async (hash) => {
        lookups++
        return hash === record.hash ? record : null
      },
      touch: async (_, at) => {
        touched.push(at)
        record = { ...record, lastUsedAt: at }
      },
    },
  })

  beforeEach(() => {
    touched = []
    lookups = 0
    const hash = Buffer.from(hashOfKey(key)).toString('hex')
    record = {
      id: '41',
      name: 'backend',
      hash,
      access: 'read',
      createdAt: START,
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    }
  })

  it('say which key it was and what it may', async () => {
    expect(await keyring.serverByKey(key)).toEqual({ kind: 'server', keyId: '41', access: 'read' })
    expect(await keyring.serverByKey(bootstrap)).toEqual({
      kind: 'server',
      keyId: 'bootstrap',
      access: 'full',
    })
  })

  it('are refused when revoked, unknown or another installation’s', async () => {
    record = { ...record, revokedAt: START }
    for (const other of [key, newApiKey(random)])
      await expect(keyring.serverByKey(other)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('are refused from their expiry on', async () => {
    record = { ...record, expiresAt: clock.now() + 1 }
    await keyring.serverByKey(key)
    record = { ...record, expiresAt: clock.now() }
    await expect(keyring.serverByKey(key)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('are not even looked up when their checksum is wrong', async () => {
    const mistyped = key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))
    for (const noise of [
      mistyped,
      'tsk_',
      key.slice(4),
      `${key}x`,
      key.toUpperCase(),
      'x'.repeat(10_000),
    ])
      await expect(keyring.serverByKey(noise)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(lookups).toBe(0)
  })

  it('need no form of ours when the environment gives them', async () => {
    const own = createKeyring({
      bootstrap: 'a-key-of-the-operators-own-making',
      clock,
      apiKeys: { find: async () => null, touch: async () => {} },
    })
    expect(await own.serverByKey('a-key-of-the-operators-own-making')).toMatchObject({
      keyId: 'bootstrap',
    })
    await expect(own.serverByKey('a-key-of-the-operators-own-makinG')).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('note their use once a minute', async () => {
    await keyring.serverByKey(key)
    now += 30_000
    await keyring.serverByKey(key)
    now += 30_000
    await keyring.serverByKey(key)
    expect(touched).toEqual([START, START + 60_000])
  })

  it('are told from user tokens by the dots', async () => {
    const authenticate = createAuthenticate(identitiesWith(true), keyring)
    expect(await authenticate(await tokenOf('alice'))).toEqual({
      kind: 'user',
      uid: '7',
      id: 'alice',
    })
    expect(await authenticate(key)).toMatchObject({ kind: 'server' })
    for (const noise of ['', '.', 'a.b', 'undefined', 'null'])
      await expect(authenticate(noise)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})
