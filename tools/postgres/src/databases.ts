import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Where the cluster of this run is; set by `globalSetup.ts`. */
export const CLUSTER = 'TERTULIA_TEST_POSTGRES'
/** A migrated database without rows, from which the others are copied. */
export const TEMPLATE = 'tertulia_template'

export interface TestDatabase {
  readonly url: string
  /** Cuts off whoever still uses it. */
  drop(): Promise<void>
}

/** A database of one's own in the cluster of this run; null in runs on the embedded engine. */
export async function testDatabase(): Promise<TestDatabase | null> {
  if (process.env['TERTULIA_TEST_ENGINE'] !== 'postgres') return null
  const base = process.env[CLUSTER]
  if (!base) throw new Error(`${CLUSTER} is missing. Run these tests as: vitest --project postgres`)
  const name = `test_${randomBytes(6).toString('hex')}`
  await tell(base, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  return {
    url: Object.assign(new URL(base), { pathname: `/${name}` }).href,
    drop: () => tell(base, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function tell(url: string, sql: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
