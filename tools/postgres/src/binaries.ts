import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const DEBIAN = '/usr/lib/postgresql'

/** The folder with the newest `initdb` and `postgres` of this machine. Distributions keep them off the PATH. */
export function binariesFolder(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const newest = Math.max(...versions.filter(Number.isInteger))
  const onPath = (process.env['PATH'] ?? '').split(delimiter)
  const folder = [join(DEBIAN, String(newest), 'bin'), ...onPath].find(
    (place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')),
  )
  if (!folder)
    throw new Error('There is no PostgreSQL server here. Install the package postgresql.')
  return folder
}

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root, so root lends it another account. Null when we are somebody else already. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = ['postgres', 'nobody'].flatMap((name) =>
    accounts.filter((account) => account.startsWith(`${name}:`)),
  )[0]
  const [, , uid, gid] = (line ?? '').split(':').map(Number)
  if (!uid || !gid)
    throw new Error('There is no account for PostgreSQL: neither postgres nor nobody.')
  return { uid, gid }
}
