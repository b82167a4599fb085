import { describe, expect, it } from 'vitest'
import { checkHistory } from './check.ts'
import type { Attempt, Evidence, Listing, Outcome, Told } from './record.ts'

const CHANNEL = 'c1'

const told = (seq: number): Told => ({
  id: `m${seq}`,
  seq,
  version: seq,
  clientId: `w${seq}`,
  text: `hello ${seq}`,
})

const sendOf = (seq: number, client = 'alice') => ({
  clientId: `w${seq}`,
  client,
  channel: CHANNEL,
  text: `hello ${seq}`,
})

const attempt = (seq: number, outcome: Outcome): Attempt => ({
  send: sendOf(seq),
  invokedAt: outcome.at - 1,
  outcome,
})

const ok = (seq: number): Attempt =>
  attempt(seq, { kind: 'ok', at: seq * 10, message: told(seq), duplicate: false })

const listing = (source: Listing['source'], messages: readonly Told[]): Listing => ({
  source,
  by: source === 'live' ? 'bob' : 'server',
  channel: CHANNEL,
  messages,
})

/** alice sent 2, 3 and 4; bob heard them live; the server and bob hold the same. */
function faultless(): Evidence {
  const messages = [told(2), told(3), told(4)]
  return {
    attempts: [ok(2), ok(3), ok(4)],
    listings: [
      listing('forward', messages),
      listing('backward', messages.toReversed()),
      listing('live', messages),
      listing('sync', messages.slice(1)),
    ],
    beliefs: [{ client: 'bob', channel: CHANNEL, messages }],
  }
}

const found = (evidence: Evidence) =>
  checkHistory(evidence).map(({ invariant, what }) => `${invariant} ${what}`)

function stored(...rows: readonly Told[]): Evidence {
  const listings = [listing('forward', rows), listing('backward', rows.toReversed())]
  return { ...faultless(), listings, beliefs: [] }
}

describe('the history checker', () => {
  it('finds nothing in a faultless run', () => {
    expect(found(faultless())).toEqual([])
  })

  it('finds an acknowledged message that is lost', () => {
    expect(found(stored(told(2), told(4)))).toEqual([
      'I1 "hello 3" was acknowledged with seq 3 and is lost',
    ])
  })

  it('finds a message that is stored twice', () => {
    const twice = { ...told(3), id: 'm5', seq: 5, version: 5 }
    expect(found(stored(told(2), told(3), told(4), twice))).toEqual([
      'I1 "hello 3" is stored 2 times',
      'I2 "hello 3" has 2 rows',
    ])
  })

  it('finds a text that was changed on the way', () => {
    const altered = { ...told(3), text: 'hello three' }
    expect(found(stored(told(2), altered, told(4)))).toContain('I1 "hello 3" became "hello three"')
  })

  it('finds a retry that got another message than the first attempt', () => {
    const again = attempt(3, {
      kind: 'ok',
      at: 50,
      message: { ...told(3), id: 'm9', seq: 9 },
      duplicate: true,
    })
    const evidence = { ...faultless(), attempts: [...faultless().attempts, again] }
    expect(found(evidence)).toEqual(['I2 "hello 3" got m3 at 3 first, then m9 at 9'])
  })

  it('finds a retry that says it stored the message anew', () => {
    const again = attempt(3, { kind: 'ok', at: 50, message: told(3), duplicate: false })
    const evidence = { ...faultless(), attempts: [...faultless().attempts, again] }
    expect(found(evidence)).toEqual(['I2 "hello 3" was stored again by a retry'])
  })

  it('accepts a retry after an unknown end, whether the first attempt was stored or not', () => {
    const lost: Outcome = { kind: 'unknown', at: 25, why: 'closed' }
    const retried = attempt(3, { kind: 'ok', at: 30, message: told(3), duplicate: true })
    expect(found({ ...faultless(), attempts: [ok(2), attempt(3, lost), retried, ok(4)] })).toEqual(
      [],
    )
  })

  it('finds a reader who got two messages in another order', () => {
    const swapped = listing('live', [told(2), told(4), told(3)])
    const evidence = { ...faultless(), listings: [...faultless().listings, swapped] }
    expect(found(evidence)).toEqual(['I3 live of bob has 3 after 4'])
  })

  it('finds a place that two readers give to different messages', () => {
    const other = { ...told(3), id: 'm4', seq: 3 }
    const evidence = {
      ...faultless(),
      listings: [...faultless().listings, listing('sync', [other])],
    }
    expect(found(evidence)).toEqual(['I3 sync of server has m4 at 3, where others have m3'])
  })

  it('finds pages that differ by direction', () => {
    const { listings, ...rest } = faultless()
    const backward = listing('backward', [told(4), told(2)])
    const evidence = {
      ...rest,
      listings: [...listings.filter(({ source }) => source !== 'backward'), backward],
    }
    expect(found(evidence)).toEqual(['I3 pages backward and forward do not hold the same messages'])
  })

  it('finds a send that was put before one that had been acknowledged already', () => {
    const early = { ...ok(2), invokedAt: 100, outcome: { ...ok(2).outcome, at: 110 } }
    expect(found({ ...faultless(), attempts: [early, ok(3), ok(4)] })).toEqual([
      'I3 "hello 2" got 2 although 4 was acknowledged before it was sent',
    ])
  })

  it('finds a message that was delivered and is not stored', () => {
    const evidence = {
      ...faultless(),
      listings: [...faultless().listings, listing('live', [told(7)])],
    }
    expect(found(evidence)).toEqual(['I4 bob saw m7 ("hello 7") by live, which is not stored'])
  })

  it('finds a message that was refused and is there all the same', () => {
    const refused = attempt(3, { kind: 'fail', at: 30, code: 'forbidden' })
    expect(found({ ...faultless(), attempts: [ok(2), refused, ok(4)] })).toEqual([
      'I4 "hello 3" was refused with forbidden and is stored',
    ])
  })

  it('finds a message that nobody sent', () => {
    expect(found({ ...faultless(), attempts: [ok(2), ok(4)] })).toEqual([
      'I4 m3 ("hello 3") was sent by nobody',
    ])
  })

  it('finds a client who lacks a message, and one who holds too much', () => {
    const charlie = { client: 'charlie', channel: CHANNEL, messages: [told(2), told(4)] }
    const bob = { client: 'bob', channel: CHANNEL, messages: [told(2), told(3), told(4), told(5)] }
    expect(found({ ...faultless(), beliefs: [charlie, bob] })).toEqual([
      'I5 charlie does not hold m3 ("hello 3") at 3 as the server does',
      'I5 bob holds m5 ("hello 5") at 5, which the server does not',
    ])
  })
})
