import {
  type ChannelInterest,
  type ChannelSync,
  ChatError,
  setInterest as operation,
} from '@tertulia/protocol'
import { parse } from '../kernel/operations.ts'
import { type Asked, answer } from './answers.ts'
import type { Connection } from './connection.ts'
import { beginJoin, endJoins } from './joins.ts'
import type { Loop } from './loop.ts'
import { takeRequestToken } from './rates.ts'
import { settleInterest } from './settling.ts'
import { levelOf, watched } from './watching.ts'

/** `interest.set`. One after another per connection, so that the last one asked for is the one that stays. */
export async function setInterest(loop: Loop, connection: Connection, asked: Asked): Promise<void> {
  takeRequestToken(loop, asked.session.actor)
  const { channels } = parse(operation.input, asked.input)
  const before = connection.interestTurn
  const begin = () => change(loop, connection, { asked, channels })
  const mine = before === null ? begin() : before.then(begin)
  const settled = mine.catch(() => undefined)
  connection.interestTurn = settled
  await mine.finally(() => {
    if (connection.interestTurn === settled) connection.interestTurn = null
  })
}

interface Change {
  readonly asked: Asked
  readonly channels: readonly ChannelInterest[]
}

async function change(loop: Loop, connection: Connection, { asked, channels }: Change) {
  if (connection.isClosed() || connection.person === null) return
  checkFullInterests(loop, connection, channels)
  const { epoch, head } = connection.person
  beginInterest(loop, connection, channels)
  try {
    const opening = await loop.streams.open(asked.session.actor, {
      // The own stream is not asked for: at its head there is nothing to say.
      user: { epoch, seq: head },
      channels,
      recent: 0,
      inlineBytes: loop.limits.inlineSyncBytes,
    })
    if (connection.isClosed()) return
    const settled = settleInterest(loop, connection, { entries: channels, opening })
    const data: { channels: readonly ChannelSync[] } = { channels: settled.channels }
    answer(loop, connection, { asked, data })
    settled.release()
  } finally {
    endJoins(loop.hubs, connection)
  }
}

/** Throws `bad_request` when the connection would have more channels with interest `full` than it may. */
function checkFullInterests(
  { limits }: Loop,
  connection: Connection,
  entries: readonly ChannelInterest[],
): void {
  const named = new Set(entries.map((entry) => entry.id))
  const kept = watched(connection, 'full').filter((hub) => !named.has(hub.name)).length
  const wanted = entries.filter((entry) => entry.interest === 'full').length
  if (kept + wanted > limits.fullInterests)
    throw new ChatError('bad_request', {
      details: { limit: 'fullInterests', value: limits.fullInterests },
    })
}

/**
 * Registers before anything is read. Less interest takes effect now; more waits for the answer, for only that says
 * whether the channel may be watched at all.
 */
export function beginInterest(
  loop: Loop,
  connection: Connection,
  entries: readonly ChannelInterest[],
): void {
  for (const { id, interest } of entries) {
    const hub = loop.hubs.get(id)
    const level = hub ? levelOf(connection, hub) : null
    if (interest === 'none') {
      if (hub) loop.hubs.unwatch(connection, hub)
    } else if (hub && level === 'full' && interest === 'list') {
      const visibleFrom = hub.visibleFrom(connection.person?.uid ?? '')
      loop.hubs.watch(connection, hub, { level: 'list', visibleFrom, since: 0 })
    } else if (level !== interest) beginJoin(connection, loop.hubs.ensure(id), interest)
  }
}
