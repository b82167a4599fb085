import { fixed, type Limit, tunable } from './limit.ts'

const KIB = 1024
const DAY = 86_400_000

/**
 * Every bound of Tertulia, by name. Code reads a bound from `LIMITS`; nothing else may hold the number.
 * The numbers come from the decisions of `docs/decisions/0001-foundations.md`.
 */
export const limitTable = {
  // What a caller may send.
  bodyBytes: tunable(1024 * KIB, 'bytes', 'The body of one HTTP request.'),
  frameBytes: tunable(
    64 * KIB,
    'bytes',
    'One WebSocket frame from a client, all fragments together.',
  ),
  firstFrameBytes: fixed(
    32 * KIB,
    'bytes',
    'The hello frame of a socket that is not authenticated yet.',
  ),
  urlBytes: fixed(8 * KIB, 'bytes', 'The path and query of one HTTP request.'),
  headerBytes: fixed(16 * KIB, 'bytes', 'All headers of one HTTP request.'),
  headers: fixed(100, 'items', 'Headers of one HTTP request.'),
  headersMs: fixed(10_000, 'ms', 'Time until all headers of one HTTP request are there.'),
  requestMs: fixed(14_000, 'ms', 'Time until one whole HTTP request is there.'),
  keepAliveMs: fixed(72_000, 'ms', 'Silence after which an idle HTTP connection is closed.'),
  jsonDepth: fixed(16, 'levels', 'Nesting of one request, envelope included.'),
  textBytes: fixed(20 * KIB, 'bytes', 'The text of one message, in UTF-8.'),
  customBytes: fixed(8 * KIB, 'bytes', 'One custom object, as JSON in UTF-8.'),
  customDepth: fixed(8, 'levels', 'Nesting inside one custom object.'),
  nameCharacters: fixed(128, 'characters', 'The name of a user or a channel, in code points.'),
  avatarCharacters: fixed(2048, 'characters', 'The address of an avatar.'),
  hereMentions: fixed(1000, 'items', 'People who are there, and whom one message calls.'),
  mentionsPerMessage: fixed(50, 'items', 'Mentions in one message.'),
  batchItems: fixed(100, 'items', 'Items in one batch call.'),
  membersPerCall: fixed(100, 'items', 'People added to a channel in one call.'),
  directPeople: fixed(10, 'items', 'People of one direct channel, the creator included.'),
  pinsPerChannel: fixed(100, 'items', 'Pinned messages of one channel.'),
  reactionBytes: fixed(64, 'bytes', 'What somebody reacts with, in UTF-8.'),
  reactionKinds: fixed(50, 'items', 'Different reactions to one message.'),
  reactionScore: fixed(
    50,
    'items',
    'How often one user may react with the same, where that is allowed.',
  ),
  threadFaces: fixed(5, 'items', 'People that the root of a thread shows.'),
  scheduledPerUser: fixed(100, 'items', 'Messages of one user that wait to be sent, or failed.'),
  scheduledLeastMs: fixed(1000, 'ms', 'Least time ahead at which a message is scheduled.'),
  scheduledMostMs: fixed(365 * DAY, 'ms', 'Longest time ahead at which a message is scheduled.'),
  scheduledFailedMs: fixed(30 * DAY, 'ms', 'Time for which one that failed is kept.'),
  statusCharacters: fixed(100, 'characters', 'The status text of a user, in code points.'),
  slowSeconds: fixed(
    21_600,
    'seconds',
    'The slowest slow mode: time between two messages of a user.',
  ),
  slowBurst: fixed(20, 'items', 'The largest burst of a slow mode.'),
  blocksPerUser: fixed(1000, 'items', 'Users whom one user blocks.'),
  customEventBytes: fixed(4 * KIB, 'bytes', 'The data of one custom event.'),

  // What a caller may ask for.
  pageItems: fixed(100, 'items', 'One page of history, members, users or channels.'),
  syncChannels: fixed(200, 'items', 'Channels in one sync call.'),
  fullInterests: fixed(20, 'items', 'Channels with interest `full` on one connection.'),
  presenceWatched: fixed(500, 'items', 'Users whose presence one connection watches.'),
  listInterests: fixed(
    200,
    'items',
    'Most recent channels that get interest `list` by themselves.',
  ),
  deltaRows: fixed(500, 'items', 'Changed rows in one delta; more become a reset.'),
  deltaBytes: fixed(1024 * KIB, 'bytes', 'Changed rows in one delta; more become a reset.'),
  deltaReactions: fixed(
    500,
    'items',
    'Messages in one delta of which only the reactions changed; more are named stale.',
  ),
  unreadShown: fixed(100, 'items', 'Unread messages and mentions of one channel that are counted.'),
  unreadTotal: fixed(1000, 'items', 'Unread messages of all channels that are counted.'),
  unreadExplained: fixed(10, 'items', 'Messages that an explanation of unread names.'),
  syncBytes: fixed(
    1024 * KIB,
    'bytes',
    'Deltas and resets in one answer of sync.pull; the rest is answered by its head.',
  ),
  resetMessages: fixed(50, 'items', 'Newest messages in one reset.'),
  resetTombstones: fixed(
    1000,
    'items',
    'Ids of deleted messages in one reset; more become a purge.',
  ),
  resetChannels: fixed(50, 'items', 'Most recent channels in a reset of the user stream.'),
  syncDrafts: fixed(50, 'items', 'Drafts in a sync of the user stream; more are in draft.list.'),
  syncDraftBytes: fixed(64 * KIB, 'bytes', 'The same drafts together.'),
  inlineSyncBytes: fixed(
    64 * KIB,
    'bytes',
    'Deltas and resets inside one welcome; the rest is fetched by sync.',
  ),
  epochMarks: fixed(8, 'items', 'Epoch marks that a stream keeps.'),

  // How often.
  sendsPerSecond: tunable(5, 'per second', 'Messages sent by one user.'),
  sendsBurst: tunable(10, 'items', 'Messages that one user may send at once after a pause.'),
  editsPerSecond: tunable(5, 'per second', 'Edits and deletes by one user.'),
  editsBurst: tunable(10, 'items', 'Edits and deletes at once after a pause.'),
  requestsPerSecond: tunable(20, 'per second', 'All other requests by one user.'),
  requestsBurst: tunable(60, 'items', 'All other requests at once after a pause.'),
  eventsPerSecond: tunable(10, 'per second', 'Custom events by one user.'),
  eventsBurst: tunable(20, 'items', 'Custom events at once after a pause.'),
  slowClocksMs: fixed(
    1000,
    'ms',
    'How far the clock of one node may be behind that of another before slow mode forgets what it knew.',
  ),
  typingEveryMs: tunable(2000, 'ms', 'Time between two typing frames of one user in one channel.'),
  typingBurst: tunable(5, 'items', 'Typing frames of one user in one channel after a pause.'),
  inboundBytesPerSecond: tunable(32 * KIB, 'per second', 'Bytes that one connection may send.'),
  inboundBytesBurst: tunable(
    256 * KIB,
    'bytes',
    'Bytes that one connection may send at once after a pause.',
  ),
  serverRequestsPerSecond: tunable(2000, 'per second', 'Requests with one API key.'),
  serverRequestsBurst: tunable(4000, 'items', 'Requests with one API key at once after a pause.'),
  addressRequestsPerSecond: tunable(
    50,
    'per second',
    'Requests without a valid identity from one address.',
  ),
  addressRequestsBurst: tunable(200, 'items', 'Such requests at once after a pause.'),
  handshakesPerSecond: tunable(300, 'per second', 'New WebSocket connections of one node.'),
  handshakesBurst: tunable(600, 'items', 'New WebSocket connections at once after a pause.'),
  violations: fixed(
    20,
    'items',
    'Refusals by rate within `violationsMs` before a connection is closed with 4429.',
  ),
  violationsMs: fixed(60_000, 'ms', 'The time over which refusals by rate are counted.'),
  malformedFrames: fixed(
    10,
    'items',
    'Frames without sense before a connection is closed with 4400.',
  ),
  accessKept: fixed(
    100_000,
    'items',
    'Latest changes of access that a node remembers, to know late ones.',
  ),
  bucketsKept: fixed(
    100_000,
    'items',
    'Token buckets in memory; the least recently used is forgotten.',
  ),

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

export type LimitName = keyof typeof limitTable
export type Limits = { readonly [Name in LimitName]: number }

/** The default value of every bound. */
export const LIMITS = Object.fromEntries(
  Object.entries(limitTable).map(([name, limit]) => [name, limit.value]),
) as Limits
