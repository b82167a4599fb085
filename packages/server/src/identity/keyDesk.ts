import { Name } from '@tertulia/protocol'
import type { Clock, Random } from '../ports/clock.ts'
import type { ApiKeyRecord, ApiKeys, KeyAccess } from './keyring.ts'
import { hashOfKey, newApiKey } from './keys.ts'

export interface KeyWish {
  /** For people: what the key is for. */
  readonly name: string
  readonly access: KeyAccess
  /** ms from now; null for a key that lives until it is revoked. */
  readonly livesFor: number | null
}

/** Gives out API keys and takes them back. */
export interface KeyDesk {
  /** The only moment at which the key itself exists on our side: show it now or never. */
  create(wish: KeyWish): Promise<{ readonly key: string; readonly record: ApiKeyRecord }>
  list(): Promise<readonly ApiKeyRecord[]>
  /** Null when there is no such key. */
  revoke(id: string): Promise<ApiKeyRecord | null>
}

/** The same rule as for the names of people. */
export const isName = (text: string): boolean => Name.safeParse(text).success

export interface KeyDeskOptions {
  readonly apiKeys: ApiKeys
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'bytes'>
}

export function createKeyDesk({ apiKeys, clock, random }: KeyDeskOptions): KeyDesk {
  return {
    async create({ name, access, livesFor }) {
      const key = newApiKey(random)
      const hash = Buffer.from(hashOfKey(key)).toString('hex')
      const createdAt = clock.now()
      const expiresAt = livesFor === null ? null : createdAt + livesFor
      return { key, record: await apiKeys.insert({ name, access, hash, createdAt, expiresAt }) }
    },
    list: () => apiKeys.list(),
    revoke: (id) => apiKeys.revoke(id, clock.now()),
  }
}
