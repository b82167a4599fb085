import { readdir } from 'node:fs/promises'
import { operations } from '@tertulia/protocol'
import { expect, test } from 'vitest'

const folder = new URL('./tables/', import.meta.url)

/** Tried as frames that are written byte by byte, in `tables/jsonFrames.ts`. */
const AS_FRAMES: readonly string[] = ['session.renew']

async function operationsTried(): Promise<ReadonlySet<unknown>> {
  const tried = new Set<unknown>(AS_FRAMES)
  for (const file of await readdir(folder)) {
    const tables: Record<string, unknown> = await import(new URL(file, folder).href)
    for (const rows of Object.values(tables))
      if (Array.isArray(rows)) for (const row of rows) tried.add(row?.op)
  }
  return tried
}

test('every operation has bad input', async () => {
  const tried = await operationsTried()
  expect(operations.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([])
})
