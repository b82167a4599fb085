import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { binariesFolder, serverAccount } from './binaries.ts'

export interface ClusterOptions {
  /** Further arguments of `initdb`, after those that make a cluster as we want it. */
  readonly initdb?: readonly string[]
  /** In memory a flush costs nothing; whoever measures wants a disk. */
  readonly place?: 'memory' | 'disk'
  /** Settings of the server, such as `fsync: 'off'`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A PostgreSQL server of our own. Whoever made it throws it away with all that is in it. */
export class Cluster implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #run: () => ChildProcess
  #child: ChildProcess

  private constructor(folder: string, port: number, run: () => ChildProcess) {
    this.#folder = folder
    this.port = port
    this.#run = run
    this.#child = run()
  }

  /** Resolves when the server takes connections. */
  static async start({
    initdb = [],
    settings = {},
    place = 'memory',
  }: ClusterOptions = {}): Promise<Cluster> {
    const folder = mkdtempSync(
      join(place === 'disk' ? tmpdir() : memoryFolder(), 'tertulia-postgres-'),
    )
    const account = serverAccount()
    if (account) chownSync(folder, account.uid, account.gid)
    const data = join(folder, 'data')
    const bin = binariesFolder()
    const wanted = ['-D', data, '-U', 'tertulia', '--auth=trust', '--no-sync', ...LOCALE, ...initdb]
    execFileSync(join(bin, 'initdb'), wanted, { ...account, cwd: folder, stdio: 'pipe' })
    const port = await freePort()
    const all = { ...SETTINGS, port: String(port), unix_socket_directories: folder, ...settings }
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const run = () =>
      spawn(join(bin, 'postgres'), ['-D', data, ...flags], {
        ...account,
        cwd: folder,
        stdio: 'ignore',
      })
    const cluster = new Cluster(folder, port, run)
    await cluster.#answers()
    return cluster
  }

  url(database: string): string {
    return `postgres://tertulia@127.0.0.1:${this.port}/${database}`
  }

  async createDatabase(name: string): Promise<void> {
    const client = new Client(this.url('postgres'))
    await client.connect()
    await client.query(`CREATE DATABASE ${name}`)
    await client.end()
  }

  /** Connections stay, and nothing is answered any more: a machine that hangs, or a cable that was pulled. */
  freeze(): void {
    this.#signalAll('SIGSTOP')
  }

  thaw(): void {
    this.#signalAll('SIGCONT')
  }

  /** Cuts all connections and ends the server; what was committed is on the disk. */
  async halt(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGINT')
    await ended
  }

  /** Resolves when the server takes connections again. */
  async startAgain(): Promise<void> {
    this.#child = this.#run()
    await this.#answers()
  }

  #signalAll(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    for (const one of [String(pid), ...children.split(' ')].filter(Boolean))
      process.kill(Number(one), signal)
  }

  async #answers(): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error('PostgreSQL did not start.')
      const client = new Client(this.url('postgres'))
      client.on('error', () => undefined)
      try {
        await client.connect()
        return await client.end()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.halt()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const LOCALE = ['--encoding=UTF8', '--locale=C.UTF-8']
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  shared_buffers: '64MB',
  // Many small databases come and go; nothing lives long enough to be cleaned.
  autovacuum: 'off',
  log_min_messages: 'fatal',
}

/** In memory a flush costs nothing, and it is still done. */
function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.')
  return address.port
}
