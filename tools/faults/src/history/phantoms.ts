import { acknowledged, type Ledger, type Wish } from './ledger.ts'
import { type Violation, violation } from './violation.ts'

/** I4: nobody sees what was refused, what is not stored, or what nobody sent. */
export function checkPhantoms({ wishes, stored, evidence }: Ledger): Violation[] {
  const ids = new Map(
    [...stored].map(([channel, rows]) => [channel, new Set(rows.map(({ id }) => id))]),
  )
  const unstored = evidence.listings.flatMap(({ source, by, channel, messages }) =>
    messages
      .filter(({ id }) => !ids.get(channel)?.has(id))
      .map(({ id, text }) =>
        violation('I4', channel, `${by} saw ${id} ("${text}") by ${source}, which is not stored`),
      ),
  )
  const unwanted = [...stored].flatMap(([channel, rows]) =>
    rows.flatMap((row) => {
      const wish = wishes.get(row.clientId)
      const fault = wish ? faultOf(wish, channel) : `${row.id} ("${row.text}") was sent by nobody`
      return fault === null ? [] : [violation('I4', channel, fault)]
    }),
  )
  return [...unstored, ...unwanted]
}

function faultOf(wish: Wish, channel: string): string | null {
  const { text, channel: meant } = wish.send
  if (meant !== channel) return `"${text}" was sent to ${meant} and stands in ${channel}`
  const refusal = wish.attempts.find(({ outcome }) => outcome.kind === 'fail')
  if (refusal?.outcome.kind !== 'fail' || acknowledged(wish).length > 0) return null
  return `"${text}" was refused with ${refusal.outcome.code} and is stored`
}
