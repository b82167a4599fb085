import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
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
  migrate(cluster.url(TEMPLATE))
  process.env[CLUSTER] = base
  return () => cluster[Symbol.asyncDispose]()
}

/** In a process of its own: here other workspaces would be found as they were built last, and not as they are. */
function migrate(url: string): void {
  const script = join(import.meta.dirname, 'processes/migrate.ts')
  const flags = ['--conditions=tertulia-source', '--disable-warning=ExperimentalWarning']
  execFileSync(process.execPath, [...flags, script, url], { stdio: 'inherit' })
}
