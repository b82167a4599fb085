import type { Ledger } from './ledger.ts'
import type { Belief, Told } from './record.ts'
import { type Violation, violation } from './violation.ts'

/** I5: once healed, every client holds exactly what the server holds. */
export const checkAgreement = ({ stored, evidence }: Ledger): Violation[] =>
  evidence.beliefs.flatMap((belief) => {
    const fault = differenceOf(belief, stored.get(belief.channel) ?? [])
    return fault === null ? [] : [violation('I5', belief.channel, `${belief.client} ${fault}`)]
  })

function differenceOf({ messages }: Belief, stored: readonly Told[]): string | null {
  const held = messages.toSorted((a, b) => a.seq - b.seq)
  const at = stored.findIndex((row, index) => !same(row, held[index]))
  const row = stored[at]
  if (row) return `does not hold ${row.id} ("${row.text}") at ${row.seq} as the server does`
  const extra = held[stored.length]
  return extra
    ? `holds ${extra.id} ("${extra.text}") at ${extra.seq}, which the server does not`
    : null
}

const same = (a: Told, b: Told | undefined): boolean =>
  a.id === b?.id && a.seq === b.seq && a.version === b.version && a.text === b.text
