import { parseArgs } from 'node:util'
import { Cluster } from '@tertulia/postgres'
import { migratePostgres, migrations } from '@tertulia/server/parts'
import { duel } from './duel.ts'
import { Product } from './product.ts'

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
  },
})

await using cluster = await Cluster.start()
const url = cluster.url('postgres')
await migratePostgres(url, migrations, 0)
const time = { ms: 1_800_000_000_000 }
await using sqlite = await Product.onSqlite(time)
await using postgres = await Product.onPostgres(url, time)
const report = await duel({
  products: [sqlite, postgres],
  time,
  seed: Number(values.seed),
  operations: Number(values.operations),
  progress: (done) => process.stderr.write(`\r${done} operations `),
})
console.log(`\n${report.operations} operations, ${report.done} of them done, no difference.`)
console.table(Object.fromEntries([...report.kinds].sort()))
