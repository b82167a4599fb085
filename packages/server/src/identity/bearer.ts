import type { Actor } from '../kernel/actor.ts'
import type { Identities } from '../ports/product.ts'
import type { Keyring } from './keyring.ts'

/** Proves who sends an `Authorization: Bearer` header. Rejects like `Identities.userByToken`. */
export type Authenticate = (bearer: string) => Promise<Actor>

/** A bearer with dots is a user token, one without is an API key: a JWT always has two, a key never has any. */
export function createAuthenticate(
  identities: Pick<Identities, 'userByToken'>,
  keyring: Keyring,
): Authenticate {
  return async (bearer) =>
    bearer.includes('.')
      ? (await identities.userByToken(bearer)).actor
      : keyring.serverByKey(bearer)
}
