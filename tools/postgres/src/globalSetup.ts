import { migratePostgres, migrations } from '@tertulia/server/parts'
import { Client } from 'pg'
import { Cluster } from './cluster.ts'
import { CLUSTER, TEMPLATE } from './databases.ts'

/** One cluster for the whole run of the tests. */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await Cluster.start()
  const base = cluster.url('postgres')
  const client = new Client(base)
  await client.connect()
  await client.query(`CREATE DATABASE ${TEMPLATE}`)
  await client.end()
  await migratePostgres(cluster.url(TEMPLATE), migrations, 0)
  process.env[CLUSTER] = base
  return () => cluster[Symbol.asyncDispose]()
}
