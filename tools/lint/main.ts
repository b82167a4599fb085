import { resolve } from 'node:path'
import { advisories } from './checks/advisories.ts'
import { arrows } from './checks/arrows.ts'
import { clock } from './checks/clock.ts'
import { cycles } from './checks/cycles.ts'
import { docs } from './checks/docs.ts'
import { features } from './checks/features.ts'
import { licences } from './checks/licences.ts'
import { size } from './checks/size.ts'
import { transactions } from './checks/transactions.ts'
import { describe, type Finding } from './finding.ts'
import { openTree } from './tree.ts'

const HOUSE_CHECKS = [arrows, cycles, features, size, clock, transactions, docs]

/** The custom of `npm test`: this step had to be left out, and has said why. */
const SKIPPED = 77

const root = resolve(import.meta.dirname, '../..')

function house(): number {
  const tree = openTree(root)
  return report([...tree.unreadable, ...HOUSE_CHECKS.flatMap((check) => check(tree))])
}

function known(): number {
  const result = advisories(root)
  if (result.kind === 'answered') return report(result.findings)
  console.log(
    `!!! Advisories were NOT CHECKED: ${result.reason}. ` +
      'Nobody looked for known weaknesses in our dependencies. Run npm audit against a registry that answers.',
  )
  return SKIPPED
}

function report(findings: readonly Finding[]): number {
  for (const finding of findings) console.log(describe(finding))
  const errors = findings.filter(({ level }) => level === 'error').length
  console.log(`${errors} errors, ${findings.length - errors} warnings`)
  return errors > 0 ? 1 : 0
}

const parts: Readonly<Record<string, () => number>> = {
  house,
  licences: () => report(licences(root)),
  advisories: known,
}

const wish = process.argv[2] ?? 'house'
const part = parts[wish]
if (part === undefined) {
  console.error(
    `"${wish}" is no part of the house checks. Choose: ${Object.keys(parts).join(', ')}.`,
  )
  process.exitCode = 1
} else {
  process.exitCode = part()
}
