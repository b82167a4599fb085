import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import { checkExpiry } from './expiry.ts'
import type { Hub } from './hub.ts'
import { type Loop, monotonic } from './loop.ts'
import { closeTooSlow, observeProgress, progressDue } from './slowReader.ts'
import { encode, offer } from './tell.ts'
import { watched } from './watching.ts'

/** Looks after everything of a connection that depends on time, and comes back when the next thing is due. */
export function check(loop: Loop, connection: Connection, now: number): void {
  const due =
    connection.phase === 'waiting'
      ? checkHello(loop, connection, now)
      : Math.min(
          checkSilence(loop, connection, now),
          checkProgress(loop, connection, now),
          checkExpiry(loop, connection, now),
          checkHeartbeat(loop, connection, now),
        )
  if (!connection.isClosed()) loop.checks.put(connection, due)
}

function checkHello(loop: Loop, connection: Connection, now: number): number {
  const due = connection.heardAt + loop.limits.helloMs
  if (due <= now) close(loop, connection, 4408)
  return due
}

function checkSilence(loop: Loop, connection: Connection, now: number): number {
  const due = connection.heardAt + loop.limits.silenceMs
  if (due <= now) close(loop, connection, 4408)
  return due
}

function checkProgress(loop: Loop, connection: Connection, now: number): number {
  observeProgress(loop, connection)
  if (progressDue(loop, connection) <= now) closeTooSlow(loop, connection)
  return progressDue(loop, connection)
}

/** Where both sides are never silent, heads are told in every second of these intervals at the latest. */
const INTERVALS_WITHOUT_HEADS = 2

/**
 * Due after the server's own silence, and after the client's: in a busy channel the server is never silent, and a
 * client that only reads would have nothing to answer. Between two who talk all the time it is due as well, for
 * nothing else shows that the last event of another stream was lost.
 */
function checkHeartbeat(loop: Loop, connection: Connection, now: number): number {
  if (connection.phase !== 'open') return now + connection.beatEvery
  const beatDue = () =>
    Math.min(
      Math.min(connection.sentAt, Math.max(connection.heardAt, connection.beatAt)) +
        connection.beatEvery,
      connection.beatAt + INTERVALS_WITHOUT_HEADS * connection.beatEvery,
    )
  if (beatDue() > now) return beatDue()
  connection.beatAt = now
  offer(loop, connection, heartbeatOf(loop, connection))
  return now + connection.beatEvery
}

const heartbeatOf = (loop: Loop, connection: Connection) =>
  encode(loop, {
    type: 'heartbeat',
    serverTime: loop.clock.now(),
    user: connection.person?.head ?? 0,
    heads: headsOf(loop, connection),
  })

/** A lost last event shows only here: heads of the open channels, and of those in the list that moved lately. */
function headsOf(loop: Loop, connection: Connection): Record<string, number> {
  const { limits, clock } = loop
  const recently = monotonic(clock) - 2 * limits.heartbeatMs
  const full = watched(connection, 'full')
  const bumped = watched(connection, 'list').filter((hub) => wasBumpedSince(hub, recently))
  const told = [...full, ...bumped].filter((hub) => hub.head > 0).slice(0, limits.heartbeatHeads)
  return Object.fromEntries(told.map((hub) => [hub.name, toldHead(hub)]))
}

/** What waits to be told together is not missed yet: whoever heard of it here would ask for it. */
const toldHead = ({ gathered, head }: Hub): number => gathered?.announcements[0]?.prev ?? head

const wasBumpedSince = ({ bump }: Hub, moment: number) => bump !== null && bump.bumpedAt > moment
