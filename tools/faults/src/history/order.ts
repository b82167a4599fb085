import { acknowledged, type Ledger } from './ledger.ts'
import type { Listing, Told } from './record.ts'
import { type Violation, violation } from './violation.ts'

/** I3: every reader sees the same messages at the same places, and nobody sees a place move backwards. */
export function checkOrder(ledger: Ledger): Violation[] {
  const { listings } = ledger.evidence
  return [
    ...listings.flatMap(checkRising),
    ...samePlaces(listings),
    ...listings.flatMap((listing) => checkBackward(ledger, listing)),
    ...checkTurns(ledger),
  ]
}

function checkRising(listing: Listing): Violation[] {
  const messages = inOrder(listing)
  return messages.flatMap((message, index) => {
    const before = messages[index - 1]
    if (!before || before.seq < message.seq) return []
    const what = `${nameOf(listing)} has ${message.seq} after ${before.seq}`
    return [violation('I3', listing.channel, what)]
  })
}

/** A place in a channel belongs to one message for ever, whoever reads it and whenever. */
function samePlaces(listings: readonly Listing[]): Violation[] {
  const owners = new Map<string, string>()
  return listings.flatMap((listing) =>
    listing.messages.flatMap(({ id, seq }) => {
      const place = `${listing.channel} ${seq}`
      const owner = owners.get(place) ?? id
      owners.set(place, owner)
      if (owner === id) return []
      const what = `${nameOf(listing)} has ${id} at ${seq}, where others have ${owner}`
      return [violation('I3', listing.channel, what)]
    }),
  )
}

function checkBackward({ stored }: Ledger, listing: Listing): Violation[] {
  if (listing.source !== 'backward') return []
  const forward = idsOf(stored.get(listing.channel) ?? [])
  if (idsOf(inOrder(listing)) === forward) return []
  return [
    violation('I3', listing.channel, 'pages backward and forward do not hold the same messages'),
  ]
}

/** What was acknowledged before another send began stands before it. */
function checkTurns({ wishes }: Ledger): Violation[] {
  const acked = [...wishes.values()].flatMap((wish) => {
    const [ack] = acknowledged(wish)
    const [first] = wish.attempts
    if (!ack || !first) return []
    return [{ wish, from: first.invokedAt, until: ack.at, seq: ack.message.seq }]
  })
  const channels = Map.groupBy(acked, ({ wish }) => wish.send.channel)
  return [...channels].flatMap(([channel, sends]) => {
    const byStart = sends.toSorted((a, b) => a.from - b.from)
    const byEnd = sends.toSorted((a, b) => a.until - b.until)
    let next = 0
    let highest = 0
    return byStart.flatMap(({ wish, from, seq }) => {
      for (let ended = byEnd[next]; ended && ended.until < from; ended = byEnd[++next])
        highest = Math.max(highest, ended.seq)
      if (seq > highest) return []
      const what = `"${wish.send.text}" got ${seq} although ${highest} was acknowledged before it was sent`
      return [violation('I3', channel, what)]
    })
  })
}

const inOrder = ({ source, messages }: Listing): readonly Told[] =>
  source === 'backward' ? messages.toReversed() : messages

const idsOf = (messages: readonly Told[]): string => messages.map(({ id }) => id).join(' ')

const nameOf = ({ source, by }: Listing): string => `${source} of ${by}`
