import { Client } from 'pg'
import { turn } from './simStore.ts'

/** Who waits for a lock, and for whom. */
interface Waiter {
  readonly pid: number
  readonly blockers: readonly number[]
}

const WAITERS = `SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity
  WHERE datname = $1 AND wait_event_type = 'Lock'`
const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = $1 AND application_name = 'tertulia'`

/** What is done to whole databases, from beside them. */
export class ClusterAdmin {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  static async of(url: string): Promise<ClusterAdmin> {
    const client = new Client(Object.assign(new URL(url), { pathname: '/postgres' }).href)
    // The next question hears of it.
    client.on('error', () => undefined)
    await client.connect()
    return new ClusterAdmin(client)
  }

  async make(name: string, template: string): Promise<void> {
    await this.#client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  }

  async drop(name: string): Promise<void> {
    await this.#client.query(`DROP DATABASE IF EXISTS ${name}`)
  }

  /** Resolves when all connections of servers have ended, and what they had open is undone. */
  async cut(name: string): Promise<void> {
    while ((await this.#client.query(CUT, [name])).rows.length > 0) await turn()
  }

  /** How many wait for a lock; null when some of them wait for each other, which PostgreSQL will end by itself. */
  async lockWaits(name: string): Promise<number | null> {
    const { rows } = await this.#client.query<Waiter>(WAITERS, [name])
    return isCircle(rows) ? null : rows.length
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}

function isCircle(waiters: readonly Waiter[]): boolean {
  const pids = new Set(waiters.map(({ pid }) => pid))
  const held = waiters.filter(({ blockers }) => blockers.some((pid) => pids.has(pid)))
  if (held.length === 0) return false
  return held.length === waiters.length || isCircle(held)
}
