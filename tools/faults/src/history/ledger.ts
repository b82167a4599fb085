import type { Attempt, Evidence, Send, Told } from './record.ts'

/** All attempts of one wish, in the order in which they were made. */
export interface Wish {
  readonly send: Send
  readonly attempts: readonly Attempt[]
}

/** The evidence in the shape in which the invariants ask for it. */
export interface Ledger {
  /** By client id. */
  readonly wishes: ReadonlyMap<string, Wish>
  /** What the server stores, by channel, in the order of its forward pages. */
  readonly stored: ReadonlyMap<string, readonly Told[]>
  /** The stored rows of a client id; more than one is a double. */
  readonly rows: ReadonlyMap<string, readonly Told[]>
  readonly evidence: Evidence
}

export function openLedger(evidence: Evidence): Ledger {
  const forward = evidence.listings.filter(({ source }) => source === 'forward')
  const wishes = Map.groupBy(evidence.attempts, ({ send }) => send.clientId)
  return {
    wishes: new Map([...wishes].map(([clientId, attempts]) => [clientId, wishOf(attempts)])),
    stored: new Map(forward.map(({ channel, messages }) => [channel, messages])),
    rows: Map.groupBy(
      forward.flatMap(({ messages }) => messages),
      ({ clientId }) => clientId,
    ),
    evidence,
  }
}

function wishOf(attempts: readonly Attempt[]): Wish {
  const [first] = attempts
  if (!first) throw new RangeError('A wish has at least one attempt.')
  return { send: first.send, attempts: attempts.toSorted((a, b) => a.invokedAt - b.invokedAt) }
}

/** The acknowledgements of a wish, the first one first. */
export const acknowledged = ({ attempts }: Wish) =>
  attempts.flatMap(({ outcome }) => (outcome.kind === 'ok' ? [outcome] : []))
