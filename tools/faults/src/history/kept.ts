import { acknowledged, type Ledger, type Wish } from './ledger.ts'
import type { Told } from './record.ts'
import { type Violation, violation } from './violation.ts'

/** I1: whatever was acknowledged stands in the history, once, as it was acknowledged. */
export function checkKept({ wishes, rows }: Ledger): Violation[] {
  return [...wishes.values()].flatMap((wish) => {
    const [ack] = acknowledged(wish)
    if (!ack) return []
    const kept = rows.get(wish.send.clientId) ?? []
    const fault = faultOf(wish, ack.message, kept)
    return fault === null ? [] : [violation('I1', wish.send.channel, fault)]
  })
}

function faultOf({ send }: Wish, ack: Told, [row, ...others]: readonly Told[]): string | null {
  if (!row) return `"${send.text}" was acknowledged with seq ${ack.seq} and is lost`
  if (others.length > 0) return `"${send.text}" is stored ${others.length + 1} times`
  if (row.id !== ack.id || row.seq !== ack.seq)
    return `"${send.text}" was acknowledged as ${ack.id} at ${ack.seq}, and stands as ${row.id} at ${row.seq}`
  if (row.text !== send.text) return `"${send.text}" became "${row.text}"`
  return null
}

/** I2: a client id stands for one message, whoever asks again. */
export function checkOnce({ wishes, rows }: Ledger): Violation[] {
  return [...wishes.values()].flatMap((wish) => {
    const { channel, text, clientId } = wish.send
    const faults = [...faultsOfAnswers(wish)]
    const count = rows.get(clientId)?.length ?? 0
    if (count > 1) faults.push(`"${text}" has ${count} rows`)
    return faults.map((fault) => violation('I2', channel, fault))
  })
}

function* faultsOfAnswers(wish: Wish): Generator<string> {
  const [first, ...later] = acknowledged(wish)
  if (!first) return
  const { text } = wish.send
  if (first.duplicate && wish.attempts.length === 1)
    yield `"${text}" was called a duplicate at its first attempt`
  for (const again of later) {
    if (!again.duplicate) yield `"${text}" was stored again by a retry`
    if (again.message.id !== first.message.id || again.message.seq !== first.message.seq)
      yield `"${text}" got ${first.message.id} at ${first.message.seq} first, then ${again.message.id} at ${again.message.seq}`
  }
}
