import { ChatError } from '@tertulia/protocol'
import type { UserActor } from '../kernel/actor.ts'
import type { Identities, Session } from '../ports/product.ts'
import type { People } from './people.ts'
import type { Ticket, Tickets } from './tickets.ts'
import type { TokenClaims, UserTokens } from './tokens.ts'

export interface IdentitiesOptions {
  readonly tokens: UserTokens
  readonly people: People
  readonly tickets: Tickets<TokenClaims>
  /** Whether a valid token of somebody unknown creates them. */
  readonly autoCreateUsers: boolean
}

export interface TicketOffice {
  /**
   * A ticket for the caller's next connection, which will live as long as the token of this call. Throws
   * `unauthenticated` for an actor that this process did not let in by a token.
   */
  ticketFor(actor: UserActor): Ticket
}

/** Turns tokens and tickets into users. Both are held against the user as stored now, not as they were. */
export function createIdentities({
  tokens,
  people,
  tickets,
  autoCreateUsers,
}: IdentitiesOptions): Identities & TicketOffice {
  // An actor carries no token; this remembers which claims let it in, for as long as somebody holds the actor.
  const claimsOf = new WeakMap<UserActor, TokenClaims>()

  const personOf = async (id: string) =>
    (await people.session(id)) ?? (autoCreateUsers ? people.create(id) : null)

  const admit = async (claims: TokenClaims): Promise<Session> => {
    const person = await personOf(claims.userId)
    if (!person) throw refused('there is no such user')
    if (person.deactivated) throw new ChatError('user.deactivated')
    if (
      person.tokensRevokedAt !== null &&
      claims.issuedAt <= Math.floor(person.tokensRevokedAt / 1000)
    )
      throw refused('the token was revoked')
    const actor: UserActor = { kind: 'user', uid: person.uid, id: claims.userId }
    claimsOf.set(actor, claims)
    return { actor, issuedAt: claims.issuedAt, expiresAt: claims.expiresAt }
  }

  return {
    userByToken: async (token) => admit(await tokens.verify(token)),
    async userByTicket(ticket) {
      const claims = tickets.redeem(ticket)
      if (!claims) throw refused('the ticket is used, too old or made up')
      return admit(claims)
    },
    ticketFor(actor) {
      const claims = claimsOf.get(actor)
      if (!claims) throw refused('the caller has no token')
      return tickets.issue(claims)
    },
  }
}

const refused = (reason: string): ChatError =>
  new ChatError('unauthenticated', { cause: new Error(reason) })
