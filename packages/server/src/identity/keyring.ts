import { ChatError } from '@tertulia/protocol'
import type { ServerActor } from '../kernel/actor.ts'
import type { Clock } from '../ports/clock.ts'
import { hashOfKey, isWellFormedKey } from './keys.ts'
import { equalBytes } from './secrets.ts'

export type KeyAccess = ServerActor['access']

/** An API key as stored. `hash` is the SHA-256 of the key in lower-case hex. */
export interface ApiKeyRecord {
  readonly id: string
  readonly name: string
  readonly hash: string
  readonly access: KeyAccess
  /** ms. */
  readonly createdAt: number
  /** ms; null for a key that lives until it is revoked. */
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
}

/** Where API keys are kept. A revoked key stays, so that the list tells what was. */
export interface ApiKeys {
  find(hash: string): Promise<ApiKeyRecord | null>
  /** Notes a use. Comfort: it may be late, and its failure must not fail the request. */
  touch(id: string, at: number): Promise<void>
  /** Gives the new key an id. */
  insert(key: Omit<ApiKeyRecord, 'id' | 'lastUsedAt' | 'revokedAt'>): Promise<ApiKeyRecord>
  list(): Promise<readonly ApiKeyRecord[]>
  /** Null when there is no such key. Revoking twice is one revocation. */
  revoke(id: string, at: number): Promise<ApiKeyRecord | null>
}

export interface Keyring {
  /** Rejects with `unauthenticated`. */
  serverByKey(key: string): Promise<ServerActor>
}

export interface KeyringOptions {
  readonly apiKeys: Pick<ApiKeys, 'find' | 'touch'>
  /** The key of `TERTULIA_API_KEY`, or null. It is good while the process runs with it, whatever the store says. */
  readonly bootstrap: string | null
  readonly clock: Pick<Clock, 'now'>
}

const TOUCH_EVERY_MS = 60_000
const LONGEST_KEY = 256

export function createKeyring({ apiKeys, bootstrap, clock }: KeyringOptions): Keyring {
  const bootstrapHash = bootstrap === null ? null : hashOfKey(bootstrap)

  const noteUse = ({ id, lastUsedAt }: ApiKeyRecord) => {
    const now = clock.now()
    if (lastUsedAt !== null && now - lastUsedAt < TOUCH_EVERY_MS) return
    apiKeys.touch(id, now).catch(() => {})
  }

  return {
    async serverByKey(key) {
      if (key.length > LONGEST_KEY) throw new ChatError('unauthenticated')
      const hash = hashOfKey(key)
      if (bootstrapHash && equalBytes(hash, bootstrapHash))
        return { kind: 'server', keyId: 'bootstrap', access: 'full' }
      if (!isWellFormedKey(key)) throw new ChatError('unauthenticated')

      const hex = Buffer.from(hash).toString('hex')
      const record = await apiKeys.find(hex)
      if (
        !record ||
        record.revokedAt !== null ||
        (record.expiresAt !== null && record.expiresAt <= clock.now()) ||
        !equalBytes(Buffer.from(record.hash, 'hex'), hash)
      )
        throw new ChatError('unauthenticated')
      noteUse(record)
      return { kind: 'server', keyId: record.id, access: record.access }
    },
  }
}
