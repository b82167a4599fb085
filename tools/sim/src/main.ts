import { parseArgs } from 'node:util'
import { campaign, explain, openGround } from './campaign.ts'
import { Violation } from './checker/violation.ts'
import { faults, postgresFaults } from './faults/index.ts'
import { run } from './run.ts'
import { storesOnOwnCluster } from './store/ownCluster.ts'
import type { Stores } from './store/simStore.ts'
import { sqliteStores } from './store/sqliteStore.ts'

const plantable = [...faults, ...postgresFaults]

const USAGE = `Runs the simulation.
  --seeds N     how many seeds (500)
  --from N      the first seed (1)
  --seed N      only this one
  --trace       with --seed: everything that happens
  --store NAME  sqlite or postgres (sqlite)
  --fault NAME  with a planted mistake: ${plantable.map(({ name }) => name).join(', ')}`

const MOST_EXPLAINED = 5

const openStores: Readonly<Record<string, () => Promise<Stores>>> = {
  sqlite: async () => sqliteStores(),
  postgres: storesOnOwnCluster,
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '500' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      fault: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const fault = plantable.find(({ name }) => name === values.fault) ?? null
  const open = openStores[values.store]
  if (values.help || !open || (values.fault !== undefined && !fault)) {
    console.log(USAGE)
    return values.help ? 0 : 1
  }
  await using stores = await open()
  const ground = await openGround(stores)
  if (values.seed !== undefined && values.trace) {
    console.log(
      await run({
        ...ground,
        seed: Number(values.seed),
        fault,
        trace: (line) => console.log(line),
      }),
    )
    return 0
  }
  const from = Number(values.seed ?? values.from)
  const seeds = values.seed === undefined ? Number(values.seeds) : 1
  const failed: number[] = []
  const sum = { events: 0, resets: 0, crashes: 0, restores: 0, simulatedHours: 0 }
  const startedAt = performance.now()
  await campaign({
    ground,
    from,
    seeds,
    fault,
    after(seed, result) {
      if (result instanceof Violation) failed.push(seed)
      else {
        sum.events += result.events
        sum.resets += result.resets
        sum.crashes += result.crashes
        sum.restores += result.epochs - 1
        sum.simulatedHours += result.simulatedMs / 3_600_000
      }
      return true
    },
  })
  const seconds = (performance.now() - startedAt) / 1000
  for (const seed of failed.slice(0, MOST_EXPLAINED))
    console.log(`${await explain(ground, seed, fault)}\n`)
  console.log(
    `${seeds} seeds from ${from}${fault ? ` with ${fault.name}` : ''}: ${failed.length} failed`,
    failed.slice(0, 50),
  )
  console.log(`${(seeds / seconds).toFixed(1)} seeds/s, ${seconds.toFixed(1)} s`, sum)
  return failed.length > 0 ? 1 : 0
}

process.exitCode = await main()
