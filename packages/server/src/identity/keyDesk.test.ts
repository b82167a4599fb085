import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKeyDesk } from './keyDesk.ts'
import { type ApiKeyRecord, type ApiKeys, createKeyring } from './keyring.ts'

/** What the store promises, over a list. */
function apiKeysInMemory(): ApiKeys & { readonly rows: ApiKeyRecord[] } {
  const rows: ApiKeyRecord[] = []
  const change = (id: string, to: Partial<ApiKeyRecord>) => {
    const at = rows.findIndex((row) => row.id === id)
    const row = rows[at]
    if (!row) return null
    rows[at] = { ...row, ...to }
    return rows[at]
  }
  return {
    rows,
    find: async (hash) => rows.find((row) => row.hash === hash) ?? null,
    touch: async (id, at) => void change(id, { lastUsedAt: at }),
    insert: async (key) => {
      const row = { ...key, id: String(rows.length + 1), lastUsedAt: null, revokedAt: null }
      rows.push(row)
      return row
    },
    list: async () => rows,
    revoke: async (id, at) => change(id, { revokedAt: at }),
  }
}

describe('the key desk', () => {
  const clock = { now: () => 1_800_000_000_000 }
  const random = { bytes: (count: number) => randomBytes(count) }

  it('gives out a key that opens the door until it is taken back, and keeps only its hash', async () => {
    const apiKeys = apiKeysInMemory()
    const desk = createKeyDesk({ apiKeys, clock, random })
    const keyring = createKeyring({ apiKeys, bootstrap: null, clock })

    const { key, record } = await desk.create({ name: 'backend', access: 'read', livesFor: 1000 })
    expect(await keyring.serverByKey(key)).toEqual({
      kind: 'server',
      keyId: record.id,
      access: 'read',
    })
    expect(JSON.stringify(apiKeys.rows)).not.toContain(key.slice(4))

    expect(await desk.revoke(record.id)).toMatchObject({ name: 'backend', revokedAt: clock.now() })
    await expect(keyring.serverByKey(key)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await desk.list()).toHaveLength(1)
    expect(await desk.revoke('99')).toBeNull()
  })
})
