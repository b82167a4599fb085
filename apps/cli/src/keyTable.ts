import type { ApiKeyRecord } from '@tertulia/server'

const HEAD = ['id', 'name', 'access', 'created', 'last used', 'state']

/** The keys as lines of text with aligned columns. */
export function keyTable(keys: readonly ApiKeyRecord[]): string {
  if (keys.length === 0) return 'There are no keys yet. Make one with: tertulia keys create NAME'
  const rows = [HEAD, ...keys.map(rowOf)]
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

const rowOf = ({ id, name, access, createdAt, lastUsedAt, revokedAt }: ApiKeyRecord): string[] => [
  id,
  name,
  access,
  dayOf(createdAt),
  lastUsedAt === null ? 'never' : dayOf(lastUsedAt),
  revokedAt === null ? 'valid' : `revoked ${dayOf(revokedAt)}`,
]

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
