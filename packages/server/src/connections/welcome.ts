import type { ChannelInterest, UserSync, WelcomeFrame } from '@tertulia/protocol'
import type { Opening as Answer, Session } from '../ports/product.ts'
import type { Connection } from './connection.ts'
import type { Holding, Opening } from './joins.ts'
import { listenerOf } from './listeners.ts'
import type { Loop } from './loop.ts'
import type { Motion } from './motions.ts'
import type { Person } from './people.ts'
import { watchRecent } from './recent.ts'
import { positionOf, settleInterest } from './settling.ts'
import { isAfter, learnHead, type Position } from './stream.ts'
import { deliver, tell } from './tell.ts'

export interface Welcome {
  readonly session: Session
  readonly person: Person
  readonly answer: Answer
  readonly opening: Opening
  readonly entries: readonly ChannelInterest[]
  readonly named: ReadonlySet<string>
  readonly moved: ReadonlyMap<string, Motion>
}

/** The welcome, and behind it whatever came in while it was made. All in one turn of the loop. */
export function welcome(loop: Loop, connection: Connection, about: Welcome): void {
  const { person, answer, opening, entries, named, moved } = about
  const settled = settleInterest(loop, connection, { entries, opening: answer })
  const position = positionOf(answer.user)
  if (position) learnHead(person, position)
  connection.phase = 'open'
  connection.opening = null
  const user = userSyncOf(answer.user, opening.user)
  tell(
    loop,
    connection,
    welcomeFrame(loop, connection, { ...about, user, channels: settled.channels }),
  )
  if (position) releaseUser(loop, connection, { person, held: opening.user, position })
  settled.release()
  watchRecent(loop, connection, { recent: answer.recent, named, opening, moved })
  const listener = listenerOf(loop, connection)
  for (const companion of loop.companions) companion.came?.(listener)
}

/** Too much happened while the answer was read: the client is sent to sync. */
function userSyncOf(sync: UserSync, { lost, newest }: Holding): UserSync {
  return lost && newest ? { status: 'head', epoch: newest.epoch, seq: newest.seq } : sync
}

interface Released {
  readonly person: Person
  readonly held: Holding
  readonly position: Position
}

function releaseUser(loop: Loop, connection: Connection, { person, held, position }: Released) {
  for (const { announcement, bytes } of held.frames)
    if (isAfter(announcement, position)) deliver(loop, connection, { stream: person, bytes })
}

interface Said {
  readonly session: Session
  readonly answer: Answer
  readonly user: UserSync
  readonly channels: WelcomeFrame['channels']
}

function welcomeFrame(
  { clock, features, limits }: Loop,
  connection: Connection,
  { session, answer, user, channels }: Said,
): WelcomeFrame {
  const { heartbeatMs, frameBytes, textBytes, fullInterests, pageItems, syncChannels } = limits
  return {
    type: 'welcome',
    protocol: 1,
    connection: connection.id,
    serverTime: clock.now(),
    heartbeatMs,
    tokenExpiresAt: session.expiresAt,
    features: [...features],
    limits: { frameBytes, textBytes, fullInterests, pageItems, syncChannels },
    me: answer.me,
    user,
    channels,
  }
}
