import { ChatError } from '@tertulia/protocol'
import type { Clock, CoreOptions, People } from '@tertulia/server/parts'

/** A token of the simulation: no cryptography, whose work is done by other threads at times of their own. */
export const simToken = (userId: string, issuedAt: number, expiresAt: number): string =>
  `${userId}/${issuedAt}/${expiresAt}`

export const simIdentities =
  (clock: Clock) =>
  (people: People): ReturnType<CoreOptions['identify']> => {
    const refused = () => new ChatError('unauthenticated')
    return {
      async userByToken(token) {
        const [id = '', issued, expires] = token.split('/')
        const [issuedAt, expiresAt] = [Number(issued), Number(expires)]
        if (expiresAt < clock.now()) throw new ChatError('token_expired')
        const person = await people.session(id)
        if (!person) throw refused()
        const { uid, tokensRevokedAt } = person
        const isRevoked = tokensRevokedAt !== null && issuedAt <= Math.floor(tokensRevokedAt / 1000)
        if (isRevoked) throw refused()
        return { actor: { kind: 'user' as const, uid, id }, issuedAt, expiresAt }
      },
      userByTicket: () => Promise.reject(refused()),
      ticketFor() {
        throw refused()
      },
    }
  }
