import {
  type ChannelInterest,
  ChatError,
  type CloseCode,
  HelloFrame,
  PROTOCOL,
} from '@tertulia/protocol'
import { parse } from '../kernel/operations.ts'
import type { Session } from '../ports/product.ts'
import type { Caller } from '../ports/socket.ts'
import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import { startSession } from './expiry.ts'
import { fail, tellError } from './failures.ts'
import { beginInterest } from './interests.ts'
import { endJoins, Holding, type Opening } from './joins.ts'
import { type Loop, monotonic } from './loop.ts'
import type { Person } from './people.ts'
import { welcome } from './welcome.ts'

/** The first frame: proves who it is, registers, asks where the user stands, and says welcome. */
export function greet(
  loop: Loop,
  connection: Connection,
  frame: Readonly<Record<string, unknown>>,
) {
  connection.phase = 'opening'
  open(loop, connection, frame)
    .catch((error) => refuse(loop, connection, error))
    .catch((error) => fail(loop, connection, error))
}

async function open(loop: Loop, connection: Connection, frame: Readonly<Record<string, unknown>>) {
  const version = frame['protocol']
  if (typeof version === 'number' && version !== PROTOCOL) return close(loop, connection, 4426)
  const hello = parse(HelloFrame, frame)
  const moment = loop.disconnects.now()
  const session = await prove(loop, connection.caller, hello.token)
  if (connection.isClosed()) return
  const ended = loop.disconnects.since(moment, session)
  if (ended) return close(loop, connection, ended.code)
  const person = enter(loop, connection, { session, device: hello.device })
  if (person) await join(loop, connection, { session, person, hello })
}

/** A token in the hello is the freshest; the upgrade's comes next. Rejects with `unauthenticated` and its kin. */
function prove({ identities }: Loop, caller: Caller | null, token: string | undefined) {
  const given = token ?? caller?.token
  if (given) return identities.userByToken(given)
  if (caller?.ticket) return identities.userByTicket(caller.ticket)
  throw new ChatError('unauthenticated')
}

/** From here on the connection is one of its user's, and a revocation finds it. */
function enter(
  loop: Loop,
  connection: Connection,
  { session, device }: { readonly session: Session; readonly device: string },
): Person | null {
  loop.admission.left(connection)
  startSession(loop, connection, session)
  connection.device = device
  connection.opening = { user: new Holding(), access: new Map() }
  for (const replaced of loop.people.add(connection, session.actor.uid)) close(loop, replaced, 4409)
  return connection.person
}

interface Joining {
  readonly session: Session
  readonly person: Person
  readonly hello: HelloFrame
}

async function join(loop: Loop, connection: Connection, { session, person, hello }: Joining) {
  const { limits, streams, motions } = loop
  const moment = motions.now()
  beginInterest(loop, connection, hello.channels)
  try {
    const answer = await streams.open(session.actor, {
      user: hello.user,
      channels: hello.channels,
      recent: limits.listInterests,
      inlineBytes: limits.inlineSyncBytes,
    })
    if (connection.isClosed() || connection.opening === null) return
    const named = new Set(hello.channels.map(({ id }: ChannelInterest) => id))
    const opening: Opening = connection.opening
    const moved = motions.since(moment)
    welcome(loop, connection, {
      session,
      person,
      answer,
      opening,
      entries: hello.channels,
      named,
      moved,
    })
    loop.checks.hasten(connection, monotonic(loop.clock))
  } finally {
    endJoins(loop.hubs, connection)
  }
}

/** Says why the hello was refused, and closes with the code that tells the client what to do. */
function refuse(loop: Loop, connection: Connection, error: unknown): void {
  if (connection.isClosed()) return
  if (error instanceof ChatError) {
    tellError(loop, connection, error)
    close(loop, connection, closeCodeOf(error))
  } else fail(loop, connection, error)
}

function closeCodeOf({ code }: ChatError): CloseCode {
  switch (code) {
    case 'unauthenticated':
    case 'token_expired':
    case 'token.too_long_lived':
      return 4401
    case 'user.deactivated':
      return 4403
    case 'bad_request':
      return 4400
    default:
      return 4013
  }
}
