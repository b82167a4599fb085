import { Cluster } from './cluster.ts'

const cluster = await Cluster.start()
console.log(`TERTULIA_DATABASE_URL=${cluster.url('postgres')}\nPress Ctrl-C to throw it away.`)
process.once('SIGINT', async () => {
  await cluster[Symbol.asyncDispose]()
  process.exit(0)
})
