import { z } from 'zod'
import { ChannelInterest } from './connections.ts'
import { CustomEventName } from './customEvents.ts'
import { Code } from './errorCode.ts'
import { LIMITS } from './limits.ts'
import { MessagePreview } from './messages.ts'
import { ClientActiveFrame, PresenceFrame } from './presence.ts'
import { Receipt } from './receipts.ts'
import { CustomEventData, Epoch, Id, JsonObject, Ordinal, Seq, Time, UserId } from './scalars.ts'
import { ChannelSync, Cursor, UserSync } from './sync.ts'
import { ClientTypingFrame, TypingFrame } from './typing.ts'
import { User } from './users.ts'
import { WatchersFrame } from './watchers.ts'

/** What an error looks like on every door. On REST it is a problem document (RFC 9457) with the same fields. */
export const ErrorBody = z
  .object({
    code: Code,
    message: z.string(),
    requestId: z.string(),
    retryAfterMs: z.int().min(0).optional(),
    details: JsonObject.optional(),
  })
  .meta({ id: 'Error' })
export type ErrorBody = z.infer<typeof ErrorBody>

export const Problem = ErrorBody.extend({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
}).meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

// From the client.

/** Tolerant, unlike every other input: a newer client may say more than this server knows. */
export const HelloFrame = z
  .object({
    type: z.literal('hello'),
    protocol: z.literal(1),
    token: z.string().min(1).max(LIMITS.tokenBytes).optional(),
    device: z.string().min(1).max(64),
    sdk: z.string().max(64).optional(),
    user: Cursor.nullable().optional(),
    channels: z
      .array(ChannelInterest)
      .max(LIMITS.syncChannels)
      .refine(
        (list) => new Set(list.map((entry) => entry.id)).size === list.length,
        'ids must differ',
      )
      .refine(
        (list) => list.filter((entry) => entry.interest === 'full').length <= LIMITS.fullInterests,
        `at most ${LIMITS.fullInterests} with interest full`,
      )
      .default([]),
  })
  .meta({ id: 'HelloFrame' })
export type HelloFrame = z.infer<typeof HelloFrame>

export const RequestFrame = z
  .strictObject({
    type: z.literal('request'),
    id: z.int().min(0),
    op: z.string().max(64),
    data: z.unknown().optional().describe('The input; absent, an empty one.'),
  })
  .meta({ id: 'RequestFrame' })
export type RequestFrame = z.infer<typeof RequestFrame>
export const ClientHeartbeatFrame = z
  .strictObject({ type: z.literal('heartbeat') })
  .meta({ id: 'ClientHeartbeatFrame' })

export const clientFrames = [
  HelloFrame,
  RequestFrame,
  ClientHeartbeatFrame,
  ClientTypingFrame,
  ClientActiveFrame,
] as const

// From the server: durable.

export const WelcomeFrame = z
  .object({
    type: z.literal('welcome'),
    protocol: z.literal(1),
    connection: z.string(),
    serverTime: Time,
    heartbeatMs: z.int(),
    tokenExpiresAt: Time,
    features: z.array(z.string()),
    limits: z.object({
      frameBytes: z.int(),
      textBytes: z.int(),
      fullInterests: z.int(),
      pageItems: z.int(),
      syncChannels: z.int(),
    }),
    me: User,
    user: UserSync,
    channels: z.array(ChannelSync),
  })
  .meta({ id: 'WelcomeFrame' })
export type WelcomeFrame = z.infer<typeof WelcomeFrame>

export const ResponseFrame = z
  .union([
    z.object({ type: z.literal('response'), id: z.int(), data: z.unknown() }),
    z.object({ type: z.literal('response'), id: z.int(), error: ErrorBody }),
  ])
  .meta({ id: 'ResponseFrame' })
export type ResponseFrame = z.infer<typeof ResponseFrame>

/** A stream on the wire: the id of a channel, or `@me` for the own stream. */
export const StreamName = z.union([Id, z.literal('@me')]).meta({ id: 'StreamName' })

const Told = z.object({
  seq: Seq,
  at: Time,
  name: z.string(),
  by: UserId.nullable(),
  data: JsonObject,
})

const Range = z.object({ channel: StreamName, epoch: Epoch, prev: Seq, seq: Seq })

/** Covers the range (prev, seq] of its stream. */
export const EventFrame = z
  .object({ type: z.literal('event'), ...Range.shape, ...Told.shape })
  .meta({ id: 'EventFrame' })
export type EventFrame = z.infer<typeof EventFrame>

/** Covers a range with any number of events: none when the range is not for this recipient. */
export const EventsFrame = z
  .object({
    type: z.literal('events'),
    ...Range.shape,
    events: z.array(Told),
    omitted: z.int().min(0),
  })
  .meta({ id: 'EventsFrame' })
export type EventsFrame = z.infer<typeof EventsFrame>

// From the server: control, never dropped.

export const GapFrame = z
  .object({ type: z.literal('gap'), channel: StreamName, epoch: Epoch, seq: Seq })
  .meta({
    id: 'GapFrame',
    description: 'Events were left out for a slow reader: sync this stream.',
  })
export const AuthFrame = z
  .object({ type: z.literal('auth'), expiresInMs: z.int() })
  .meta({ id: 'AuthFrame', description: 'The token expires soon: call session.renew.' })
export const ByeFrame = z
  .object({
    type: z.literal('bye'),
    code: z.int(),
    reconnectInMs: z.tuple([z.int().min(0), z.int().min(0)]),
  })
  .meta({
    id: 'ByeFrame',
    description: 'The server stops: come back at a random time within the window.',
  })
export const ErrorFrame = z
  .object({ type: z.literal('error'), error: ErrorBody })
  .meta({ id: 'ErrorFrame', description: 'About a frame that had no readable id.' })

// From the server: ephemeral, absolute values, may be dropped.

export const BumpFrame = z
  .object({
    type: z.literal('bump'),
    channel: Id,
    epoch: Epoch,
    seq: Seq,
    last: MessagePreview.optional().describe('Absent: the newest message is as it was.'),
    ordinal: Ordinal.optional().describe('Absent: no new message.'),
    floor: Seq.optional().describe('Absent: nothing was truncated.'),
  })
  .meta({ id: 'BumpFrame', description: 'A channel of interest `list` moved on.' })
export const ReceiptsFrame = z
  .object({ type: z.literal('receipts'), channel: Id, receipts: z.array(Receipt) })
  .meta({
    id: 'ReceiptsFrame',
    description: 'How far the messages of a channel came to these members now.',
  })
export const CustomFrame = z
  .object({
    type: z.literal('custom'),
    channel: Id,
    at: Time,
    by: UserId.nullable(),
    name: CustomEventName,
    data: CustomEventData,
  })
  .meta({ id: 'CustomFrame' })
export const HeartbeatFrame = z
  .object({
    type: z.literal('heartbeat'),
    serverTime: Time,
    user: Seq.describe('The head of the own stream.'),
    heads: z
      .record(z.string(), Seq)
      .describe('Heads of channels of interest `full` and of recently bumped ones.'),
  })
  .meta({ id: 'HeartbeatFrame' })
export const RateFrame = z
  .object({ type: z.literal('rate'), scope: z.string(), retryAfterMs: z.int() })
  .meta({ id: 'RateFrame', description: 'Slow down before requests are refused.' })

export const serverFrames = [
  WelcomeFrame,
  ResponseFrame,
  EventFrame,
  EventsFrame,
  GapFrame,
  AuthFrame,
  ByeFrame,
  ErrorFrame,
  BumpFrame,
  ReceiptsFrame,
  CustomFrame,
  TypingFrame,
  PresenceFrame,
  WatchersFrame,
  HeartbeatFrame,
  RateFrame,
] as const

export type ServerFrame = z.infer<(typeof serverFrames)[number]>

/** Close codes of the WebSocket (RFC 6455 leaves 4000 to 4999 to us) and what a client does about each. */
export const closeCodes = {
  1000: { name: 'normal', client: 'stop' },
  1001: { name: 'going_away', client: 'reconnect' },
  1002: { name: 'protocol_error', client: 'stop' },
  1003: { name: 'unsupported_data', client: 'stop' },
  1007: { name: 'invalid_utf8', client: 'stop' },
  1009: { name: 'too_big', client: 'stop' },
  4012: { name: 'draining', client: 'reconnect_in_window' },
  4013: { name: 'overloaded', client: 'back_off' },
  4020: { name: 'too_slow', client: 'sync_first' },
  4400: { name: 'malformed', client: 'stop' },
  4401: { name: 'unauthenticated', client: 'fetch_token' },
  4403: { name: 'banned', client: 'stop' },
  4408: { name: 'timeout', client: 'back_off' },
  4409: { name: 'replaced', client: 'stop' },
  4413: { name: 'frame_too_large', client: 'stop' },
  4426: { name: 'version', client: 'stop' },
  4429: { name: 'ignored_limits', client: 'back_off' },
} as const
export type CloseCode = keyof typeof closeCodes
