import { type CloseCode, closeCodes } from '@tertulia/protocol'
import type { Connection } from './connection.ts'
import { endJoins } from './joins.ts'
import { listenerOf } from './listeners.ts'
import type { Loop } from './loop.ts'

/** Writes what waits, then the close frame. Nothing reaches or leaves the connection afterwards. */
export function close(loop: Loop, connection: Connection, code: CloseCode): void {
  if (connection.isClosed()) return
  loop.fanout.flush(connection)
  end(loop, connection, () => connection.socket.close(code, closeCodes[code].name))
  loop.log.debug({ connection: connection.id, code }, 'connection closed by the server')
}

/** Ends a connection without a close frame: for what no code of ours describes. */
export function terminate(loop: Loop, connection: Connection): void {
  if (connection.isClosed()) return
  loop.fanout.flush(connection)
  end(loop, connection, () => connection.socket.terminate())
}

/** Ends a connection that cannot even be written to. */
export function abort(loop: Loop, connection: Connection): void {
  loop.fanout.drop(connection)
  end(loop, connection, () => connection.socket.terminate())
}

function end(loop: Loop, connection: Connection, cut: () => void): void {
  // Flushing may have ended it already.
  if (connection.isClosed()) return
  forget(loop, connection)
  loop.closing.add(connection)
  cut()
}

/** The transport says that the socket is no more. */
export function wasClosed(loop: Loop, connection: Connection, code: number): void {
  if (loop.closing.delete(connection) || connection.isClosed()) return
  forget(loop, connection)
  loop.log.debug({ connection: connection.id, code }, 'connection closed by the client')
}

function tellCompanions(loop: Loop, connection: Connection): void {
  if (connection.phase !== 'open' || connection.session === null) return
  const listener = listenerOf(loop, connection)
  for (const companion of loop.companions) companion.went?.(listener)
}

/** Leaves nothing behind, wherever the connection stood. */
function forget(loop: Loop, connection: Connection): void {
  tellCompanions(loop, connection)
  loop.fanout.drop(connection)
  loop.admission.left(connection)
  connection.phase = 'closed'
  endJoins(loop.hubs, connection)
  loop.hubs.unwatchAll(connection)
  loop.people.remove(connection)
  loop.checks.remove(connection)
  loop.connections.delete(connection)
  connection.person = null
  connection.opening = null
  connection.lag = null
  connection.backlog = null
  connection.inFlight = null
  connection.session = null
}
