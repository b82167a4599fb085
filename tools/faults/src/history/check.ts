import { checkAgreement } from './agreement.ts'
import { checkKept, checkOnce } from './kept.ts'
import { openLedger } from './ledger.ts'
import { checkOrder } from './order.ts'
import { checkPhantoms } from './phantoms.ts'
import type { Evidence } from './record.ts'
import type { Violation } from './violation.ts'

/** Everything that is wrong with a run; nothing when all promises were kept. */
export function checkHistory(evidence: Evidence): Violation[] {
  const ledger = openLedger(evidence)
  return [checkKept, checkOnce, checkOrder, checkPhantoms, checkAgreement].flatMap((check) =>
    check(ledger),
  )
}
