import { fixed, type Limit, tunable } from './limit.ts'

const KIB = 1024
const DAY = 86_400_000

/** What bounds the work of a node: its connections, its store, its stopping. */
export const limitsOnNodes = {
  // Connections.
  unauthenticatedPerAddress: tunable(
    50,
    'connections',
    'Sockets without a hello from one client address.',
  ),
  unauthenticatedSockets: tunable(1000, 'connections', 'Sockets without a hello on one node.'),
  socketsPerUser: tunable(
    20,
    'connections',
    'Sockets of one user on one node; the oldest is closed.',
  ),
  requestsInFlight: fixed(32, 'items', 'Unanswered requests of one connection.'),
  helloMs: fixed(5000, 'ms', 'Time until the hello frame.'),
  closeMs: fixed(
    5000,
    'ms',
    'Time in which a client answers a close frame before its socket is cut.',
  ),
  heartbeatMs: tunable(25_000, 'ms', 'Silence of the server before it sends a heartbeat.'),
  heartbeatAnswerMs: fixed(
    15_000,
    'ms',
    'Time in which a client answers a heartbeat with any frame.',
  ),
  silenceMs: fixed(60_000, 'ms', 'Silence of a client before it is closed with 4408.'),
  heartbeatHeads: fixed(50, 'items', 'Heads in one heartbeat.'),
  tokenWarningMs: fixed(60_000, 'ms', 'Time before expiry at which the server sends `auth`.'),
  ticketMs: fixed(30_000, 'ms', 'Life of a connection ticket.'),
  ticketsKept: fixed(10_000, 'items', 'Unused connection tickets on one node.'),
  mergeMs: fixed(250, 'ms', 'Time over which events that may be told together are gathered.'),
  mergePerSecond: fixed(
    5,
    'per second',
    'Such events about one thing that are told one by one; more are gathered.',
  ),
  mergeWatchers: fixed(1000, 'connections', 'Watchers of a channel above which they always are.'),
  mergeChanges: fixed(100, 'items', 'Changes in one event that was put together.'),
  windowMs: fixed(250, 'ms', 'Time over which events of a `live` channel are gathered.'),
  windowBytes: fixed(256 * KIB, 'bytes', 'Events of one such time; more are told at once.'),
  shownPerSecond: fixed(15, 'per second', 'Messages in a `live` channel that are told to all.'),
  watchersMs: fixed(10_000, 'ms', 'Least time between two counts of who watches such a channel.'),
  typingMs: fixed(6000, 'ms', 'Time after which somebody who types and says no more does not.'),
  typingWatchers: fixed(50, 'connections', 'Watchers up to whom each change of who types is told.'),
  typingManyWatchers: fixed(200, 'connections', 'Watchers up to whom some names are told.'),
  typingManyMs: fixed(1000, 'ms', 'Least time between two tellings then.'),
  typingManyNames: fixed(5, 'items', 'Names that are told then.'),
  typingCrowdWatchers: fixed(
    2000,
    'connections',
    'Watchers up to whom a few names are told; above, nothing is.',
  ),
  typingCrowdMs: fixed(3000, 'ms', 'Least time between two tellings then.'),
  typingCrowdNames: fixed(3, 'items', 'Names that are told then.'),
  presenceAwayMs: fixed(300_000, 'ms', 'Time without activity after which a user is away.'),
  presenceGraceMs: tunable(30_000, 'ms', 'Time without a connection until a user is offline.'),
  presenceMs: fixed(2000, 'ms', 'Time over which changes of presence are gathered.'),
  lastActiveMs: fixed(60_000, 'ms', 'To what the time of the last activity is rounded.'),
  lastActiveSaveMs: fixed(10_000, 'ms', 'Time after which it is stored at the latest.'),
  presenceCountMembers: fixed(500, 'items', 'Members above which presence is also counted.'),
  presenceCountMs: fixed(10_000, 'ms', 'Time for which such a count is kept.'),
  bumpMs: fixed(1000, 'ms', 'Least time between two bumps of one channel.'),
  bigBumpMs: fixed(10_000, 'ms', 'The same for a channel above `bigChannelMembers`.'),
  bigChannelMembers: fixed(1000, 'items', 'Members above which a channel bumps less often.'),

  receiptsMs: fixed(1000, 'ms', 'Time over which receipts of one channel are gathered.'),

  // A slow reader.
  dropEphemeralBytes: fixed(
    64 * KIB,
    'bytes',
    'Unsent bytes above which ephemeral frames are dropped.',
  ),
  laggingBytes: fixed(
    256 * KIB,
    'bytes',
    'Unsent bytes above which events become one gap per channel.',
  ),
  caughtUpBytes: fixed(
    32 * KIB,
    'bytes',
    'Unsent bytes below which a lagging connection gets its gaps.',
  ),
  tooSlowBytes: fixed(
    1024 * KIB,
    'bytes',
    'Unsent bytes above which a connection is closed with 4020.',
  ),
  noProgressMs: fixed(
    15_000,
    'ms',
    'Time without a byte sent before a connection is closed with 4020.',
  ),
  joiningFrames: fixed(
    200,
    'items',
    'Frames held for a connection while its interest is answered.',
  ),

  // The store.
  writeBatchOperations: fixed(256, 'items', 'Operations in one transaction of the write queue.'),
  writeBatchBytes: fixed(1024 * KIB, 'bytes', 'Input bytes in one transaction of the write queue.'),
  writeQueueOperations: tunable(
    10_000,
    'items',
    'Operations waiting for the write queue; more are refused.',
  ),
  storeConnections: tunable(10, 'connections', 'Connections of one node to PostgreSQL.'),
  storeConnectMs: tunable(2000, 'ms', 'Time until PostgreSQL gives a connection.'),
  storeStatementMs: tunable(5000, 'ms', 'Time that one statement may take on PostgreSQL.'),
  storeLockMs: tunable(3000, 'ms', 'Time that one statement may wait for a lock on PostgreSQL.'),
  idempotencyMs: fixed(30 * DAY, 'ms', 'Time for which the answer to a client id is kept.'),
  outboxMs: fixed(DAY, 'ms', 'Time for which an announced event stays in the outbox.'),
  outboxRetryMs: fixed(2000, 'ms', 'Age at which the sweeper announces an event again.'),
  sweepMs: fixed(1000, 'ms', 'Time between two rounds of the sweeper.'),
  healthMs: fixed(
    1000,
    'ms',
    'Time in which the store must answer a look at the health of a node.',
  ),
  healthEveryMs: fixed(10_000, 'ms', 'Time between two looks of a node at its own health.'),
  sweepRows: fixed(500, 'items', 'Rows that one round of the sweeper takes.'),
  scheduledAtOnce: fixed(100, 'items', 'Messages that came due and are sent in one round.'),
  channelMembers: tunable(100_000, 'items', 'Members of one channel.'),
  draftsPerUser: tunable(500, 'items', 'Drafts of one user.'),
  deletedDraftsKept: fixed(200, 'items', 'Deleted drafts of one user that are told one by one.'),
  channelsPerUser: tunable(10_000, 'items', 'Channels of one user.'),

  // Tokens and keys.
  tokenBytes: fixed(8 * KIB, 'bytes', 'A user token; a longer one is refused unread.'),
  tokenLifeSeconds: fixed(30 * 86_400, 'seconds', 'The longest life of a user token.'),
  tokenLeewaySeconds: fixed(30, 'seconds', 'Clock difference that is forgiven.'),
  secretBytes: fixed(32, 'bytes', 'The shortest app secret.'),

  // Stopping.
  drainMs: tunable(30_000, 'ms', 'The whole budget of a graceful stop.'),
  reconnectWindowMs: fixed(
    10_000,
    'ms',
    'The shortest window over which drained clients come back.',
  ),
} as const satisfies Record<string, Limit>
