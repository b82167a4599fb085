import { parseArgs } from 'node:util'
import { benches } from './benches.ts'
import { perform } from './run/perform.ts'
import { quietWithin } from './run/quiet.ts'
import { save, table } from './run/report.ts'

const names = benches.map(({ name }) => name).join(', ')
const USAGE = `npm run bench -- <name> [--runs 5] [--size full|smoke] [--store <folder>] [--only <text>,<text>] [--patience <seconds>]
names: ${names}`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    size: { type: 'string', default: 'full' },
    store: { type: 'string' },
    only: { type: 'string' },
    patience: { type: 'string', default: '0' },
  },
})

const bench = benches.find(({ name }) => name === positionals[0])
const runs = Number(values.runs)
const only = values.only?.split(',') ?? null
if (
  !bench ||
  !Number.isInteger(runs) ||
  runs < 1 ||
  (values.size !== 'full' && values.size !== 'smoke')
) {
  console.error(USAGE)
  process.exit(2)
}

const result = await perform(bench, {
  runs,
  size: values.size,
  store: values.store ?? null,
  wanted: (name) => only === null || only.some((part) => name.includes(part)),
  quiet: quietWithin(Number(values.patience) * 1000),
})
console.log(table(result))
// A partial or tiny run must not take the place of a whole one.
if (result.size === 'full' && values.only === undefined) console.log(`written to ${save(result)}`)
// The figures of a tiny run mean nothing, so neither does a missed target.
process.exitCode = result.size === 'smoke' || result.targets.every(({ met }) => met) ? 0 : 1
