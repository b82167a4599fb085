import type { Listener } from '../ports/companion.ts'
import type { Connection } from './connection.ts'
import type { Loop } from './loop.ts'
import { keepsUp } from './tell.ts'
import { levelOf } from './watching.ts'

/** A connection as companions see it. Made when it is needed: most connections never have one for long. */
export function listenerOf(loop: Loop, connection: Connection): Listener {
  const { session, id } = connection
  if (session === null) throw new Error(`${id} has no session.`)
  return {
    id,
    actor: session.actor,
    watches(channelId) {
      const hub = loop.hubs.get(channelId)
      return hub !== undefined && levelOf(connection, hub) === 'full'
    },
    offer(frame) {
      if (!keepsUp(loop, connection)) {
        loop.tally.dropped++
        return false
      }
      loop.fanout.add(connection, loop.framing.frame(frame))
      return true
    },
  }
}
