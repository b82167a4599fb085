import { parseArgs } from 'node:util'
import { F01, runF01 } from './faults/F01.ts'
import { F03, runF03 } from './faults/F03.ts'
import { F05, runF05 } from './faults/F05.ts'
import { F06, runF06 } from './faults/F06.ts'
import { F10, runF10 } from './faults/F10.ts'
import { F17, runF17 } from './faults/F17.ts'
import type { Report } from './faults/report.ts'
import { runSlowDisk, slowDisk } from './faults/slowDisk.ts'
import type { StoreKind } from './scene/scene.ts'
import { type Break, breaks, isBreak } from './server/breaks.ts'

interface Wish {
  readonly seed: number
  readonly form: 'short' | 'long'
  readonly broken?: Break
  readonly store: StoreKind
}

const faults: Readonly<Record<string, (wish: Wish) => Promise<Report>>> = {
  F01: ({ form, ...wish }) => runF01({ ...F01[form], ...wish }),
  F03: ({ form, ...wish }) => runF03({ ...F03[form], ...wish }),
  F05: ({ form, ...wish }) => runF05({ ...F05[form], ...wish }),
  F06: ({ form, ...wish }) => runF06({ ...F06[form], ...wish }),
  F10: ({ form, seed }) => runF10({ ...F10[form], seed, how: 'ends' }),
  F10hangs: ({ form, seed }) => runF10({ ...F10[form], seed, how: 'hangs' }),
  F17: ({ form, ...wish }) => runF17({ ...F17[form], ...wish }),
  slowDisk: ({ form, seed }) => runSlowDisk({ ...slowDisk[form], seed }),
}

const isStore = (name: string): name is StoreKind => name === 'sqlite' || name === 'postgres'

const SHOWN = 20

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'boolean' },
      seed: { type: 'string' },
      break: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
    },
  })
  const [name = ''] = positionals
  const fault = faults[name]
  const { store, break: broken } = values
  if (!fault || (broken !== undefined && !isBreak(broken)) || !isStore(store)) {
    console.error(
      `Usage: main.ts ${Object.keys(faults).join('|')} [--long] [--seed <number>] [--break ${breaks.join('|')}] [--store sqlite|postgres]`,
    )
    return 2
  }
  const seed = Number(values.seed ?? Date.now() % 2 ** 32)
  console.log(`${name} with seed ${seed}`)
  const report = await fault({
    seed,
    form: values.long ? 'long' : 'short',
    store,
    ...(broken ? { broken } : {}),
  })
  console.log(report.figures)
  for (const violation of report.violations.slice(0, SHOWN)) console.log(`! ${violation}`)
  console.log(`${report.violations.length} violations`)
  return report.violations.length === 0 ? 0 : 1
}

process.exitCode = await main()
