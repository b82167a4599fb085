import type { ApiKeyRecord } from '@tertulia/server'
import { dayOf } from './moments.ts'
import { shown } from './shown.ts'

const HEAD = ['id', 'name', 'access', 'created', 'last used', 'state']

/** The keys as lines of text with aligned columns. */
export function keyTable(keys: readonly ApiKeyRecord[], now: number): string {
  if (keys.length === 0) return 'There are no keys yet. Make one with: tertulia keys create NAME'
  const rows = [HEAD, ...keys.map((key) => rowOf(key, now))]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const rowOf = (key: ApiKeyRecord, now: number): string[] => [
  key.id,
  shown(key.name),
  key.access,
  dayOf(key.createdAt),
  key.lastUsedAt === null ? 'never' : dayOf(key.lastUsedAt),
  stateOf(key, now),
]

function stateOf({ revokedAt, expiresAt }: ApiKeyRecord, now: number): string {
  if (revokedAt !== null) return `revoked ${dayOf(revokedAt)}`
  if (expiresAt === null) return 'valid'
  return `${expiresAt <= now ? 'expired' : 'valid until'} ${dayOf(expiresAt)}`
}
