/**
 * The one table of error codes. A code names a reason that a caller can act upon, and has three sentences:
 * what happened, why it matters, what to do.
 *
 * `retry` says what the same request may hope for: `never` (it will fail again until something changes),
 * `later` (send it again after `retryAfterMs` or with back-off).
 */
export interface ErrorEntry {
  /** The HTTP status (RFC 9110) of the same error on the REST door. */
  readonly status: number
  readonly retry: 'never' | 'later'
  readonly what: string
  readonly why: string
  readonly fix: string
}

const entry = (
  status: number,
  retry: ErrorEntry['retry'],
  [what, why, fix]: readonly [string, string, string],
): ErrorEntry => ({ status, retry, what, why, fix })

export const errorTable = {
  bad_request: entry(400, 'never', [
    'The request does not fit the contract.',
    'Nothing was done.',
    'Correct the fields that `details` names.',
  ]),
  unauthenticated: entry(401, 'never', [
    'There is no valid token or key.',
    'The server cannot tell who is asking.',
    'Fetch a new token from your own server and connect again.',
  ]),
  token_expired: entry(401, 'never', [
    'The token is past its expiry.',
    'An old token must not open anything.',
    'Fetch a new token from your own server.',
  ]),
  forbidden: entry(403, 'never', [
    'You may see this, but you may not do that to it.',
    'Roles and channel types decide who may act.',
    'Ask somebody with the right, or change the role or the type of the channel.',
  ]),
  origin_not_allowed: entry(403, 'never', [
    'Pages of this origin may not use this server.',
    'A page of somebody else could act in the name of your users.',
    'Add the origin to `TERTULIA_ALLOWED_ORIGINS` of the server.',
  ]),
  not_found: entry(404, 'never', [
    'There is no such thing, or you may not see it.',
    'Both get the same answer, so that nobody can probe for private things.',
    'Check the id, and that the user is a member.',
  ]),
  method_not_allowed: entry(405, 'never', [
    'This address exists, but not with this method.',
    'Nothing was done.',
    'Use a method of the `Allow` header.',
  ]),
  request_timeout: entry(408, 'later', [
    'The request did not arrive in time.',
    'A half request holds a connection that others need.',
    'Send it again on a new connection.',
  ]),
  conflict: entry(409, 'never', [
    'The request does not fit the present state.',
    'Doing it would overwrite what somebody else did.',
    'Read the present state and decide again.',
  ]),
  too_large: entry(413, 'never', [
    'The request is larger than its limit.',
    'Every bound protects the other users of this server.',
    'Send less; `details.limit` names the bound.',
  ]),
  uri_too_long: entry(414, 'never', [
    'The address of the request is too long.',
    'Nothing was done.',
    'Move parameters into the body, or ask for fewer things.',
  ]),
  unsupported_media_type: entry(415, 'never', [
    'The body is not plain `application/json` in UTF-8.',
    'Other encodings are not read.',
    'Send `Content-Type: application/json` without a content encoding.',
  ]),
  rate_limited: entry(429, 'later', [
    'Too many requests in too short a time.',
    'One caller must not slow down the others.',
    'Wait for `retryAfterMs` and send it again.',
  ]),
  headers_too_large: entry(431, 'never', [
    'The headers of the request are too large.',
    'Nothing was done.',
    'Send fewer or shorter headers.',
  ]),
  internal: entry(500, 'later', [
    'The server made a mistake.',
    'The request may or may not have been done; a keyed request is safe to repeat.',
    'Send it again; if it stays, give the `requestId` to the operator.',
  ]),
  unavailable: entry(503, 'later', [
    'The server cannot take this now.',
    'It is starting, stopping, full or without its store.',
    'Wait for `retryAfterMs` and send it again.',
  ]),

  'token.in_url': entry(400, 'never', [
    'The token stands in the address.',
    'Addresses end up in logs and histories.',
    'Send it in the hello frame or in the `Authorization` header, or use a ticket.',
  ]),
  'token.too_long_lived': entry(401, 'never', [
    'The token lives longer than the server allows.',
    'A stolen token would be useful for too long.',
    'Mint tokens with `exp` at most 30 days after `iat`.',
  ]),
  'user.not_found': entry(404, 'never', [
    'There is no such user, or you may not see them.',
    'Both get the same answer.',
    'Check the id; create the user with `user.upsert`.',
  ]),
  'user.deactivated': entry(403, 'never', [
    'This user is deactivated.',
    'A deactivated user may not connect or act.',
    'Reactivate the user from your own server.',
  ]),
  'user.unreachable': entry(403, 'never', [
    'This user cannot be reached.',
    'Nothing was done, and the reason is not told.',
    'Try it again at some other time, or talk where others are too.',
  ]),
  'block.limit': entry(409, 'never', [
    'You block as many users as you may.',
    'Whatever you do is compared with that list.',
    'Unblock somebody first.',
  ]),
  'channel.not_found': entry(404, 'never', [
    'There is no such channel, or you may not see it.',
    'Both get the same answer, so that nobody can probe for private channels.',
    'Check the id, and that the user is a member.',
  ]),
  'channel.client_id_reused': entry(409, 'never', [
    'This client id already made another channel.',
    'A client id stands for one wish; it cannot mean two.',
    'Use a new UUIDv7 for a new channel.',
  ]),
  'channel.immutable_people': entry(409, 'never', [
    'The people of a direct channel never change.',
    'A direct channel is its set of people.',
    'Create a channel of type `group` instead.',
  ]),
  'channel.member_limit': entry(409, 'never', [
    'The channel, or one of the users, has reached its limit of memberships.',
    'Nobody was added.',
    'Remove somebody first, or raise the limit.',
  ]),
  'channel.frozen': entry(403, 'never', [
    'This channel is frozen: it can be read, and nobody speaks in it.',
    'Nothing was said or changed.',
    'Keep what was written; offer it again when `state` of the channel is `open`.',
  ]),
  'channel.disabled': entry(403, 'never', [
    'This channel is disabled: it is shut for everybody but app servers.',
    'Nothing of it was read or changed.',
    'Keep what you have of it, do not show it, and ask again later.',
  ]),
  'channel.slow_mode': entry(429, 'later', [
    'This channel is in slow mode, and your last messages in it are too recent.',
    'Everybody should be able to follow what is said.',
    'Keep the text, wait for `retryAfterMs`, and send it again with the same client id.',
  ]),
  'member.not_found': entry(404, 'never', [
    'This user is not a member of the channel.',
    'There is nothing to change.',
    'Add the user first.',
  ]),
  'member.last_owner': entry(409, 'never', [
    'The last owner cannot leave or step down.',
    'A channel without an owner could not be managed.',
    'Make somebody else an owner first.',
  ]),
  'message.not_found': entry(404, 'never', [
    'There is no such message, or you may not see it.',
    'Both get the same answer.',
    'Check the id and the channel.',
  ]),
  'message.client_id_reused': entry(409, 'never', [
    'This client id already sent another message.',
    'A client id is the identity of one message; a second text would be lost silently.',
    'Use a new UUIDv7 for a new message.',
  ]),
  'message.version_conflict': entry(409, 'never', [
    'The message changed since the version that you named.',
    "Your edit would undo somebody else's.",
    'Read the message in `details.message` and decide again.',
  ]),
  'reaction.limit': entry(409, 'never', [
    'The message has as many different reactions as it may have.',
    'A message with hundreds of them could not be shown.',
    'React with one of those that are there.',
  ]),
  'message.pin_limit': entry(409, 'never', [
    'The channel has as many pinned messages as it may have.',
    'Where everything is pinned, nothing is at hand.',
    'Take the pin of another message away first.',
  ]),
  'message.here_limit': entry(409, 'never', [
    'More people are there than one message may call.',
    'Nobody was called, and nothing was stored.',
    'Mention the whole channel, or some of the people by name.',
  ]),
  'message.is_reply': entry(409, 'never', [
    'That message is a reply itself.',
    'Threads are one level deep, so that everybody can follow them.',
    'Reply in the thread that it stands in.',
  ]),
  'draft.limit': entry(409, 'never', [
    'The user has as many drafts as one may have.',
    'The draft was not saved; nothing else changed.',
    'Delete drafts that are not needed any more, or keep this one on the device.',
  ]),
  'message.deleted': entry(409, 'never', [
    'The message is deleted.',
    'A tombstone cannot be edited.',
    'Send a new message.',
  ]),
  'message.truncated': entry(409, 'never', [
    'The message was stored, and is gone with what was said before it.',
    'Somebody truncated the channel after it.',
    'Drop it; to say it again, send it with a new client id.',
  ]),
  'message.system': entry(409, 'never', [
    'That message is a system message.',
    'Nobody wrote it: it is not edited, answered, quoted or reacted to.',
    'Send a message of your own.',
  ]),
  'scheduled.not_found': entry(404, 'never', [
    'You have no such scheduled message.',
    'There is nothing to change.',
    'Read scheduled.list.',
  ]),
  'scheduled.sent': entry(409, 'never', [
    'This message was sent.',
    'What others see cannot be scheduled any more.',
    'Edit or delete the message in the channel.',
  ]),
  'scheduled.version_conflict': entry(409, 'never', [
    'The scheduled message changed since the version that you named.',
    'Your change would undo what another device did.',
    'Read it in `details.scheduled` and decide again.',
  ]),
  'scheduled.limit': entry(409, 'never', [
    'You have as many scheduled messages as you may have.',
    'Whatever waits is kept for you until its time.',
    'Cancel one, or wait until one was sent.',
  ]),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorTable

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]

/** Codes about the envelope, the server or the identity of the caller: any call may answer with them. */
export const generalErrorCodes: readonly ErrorCode[] = [
  ...errorCodes.filter((code) => !code.includes('.')),
  'token.in_url',
  'token.too_long_lived',
  'user.deactivated',
]

export interface ErrorOptions {
  /** What exactly, for this request: field names, bounds. Never content, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** The only error that reaches a caller. Whatever else is thrown becomes `internal`. */
export class ChatError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const { what, why, fix } = errorTable[code]
    super(`${what} ${why} ${fix}`, { cause: options.cause })
    this.name = 'ChatError'
    this.code = code
    this.details = options.details
    this.retryAfterMs = options.retryAfterMs
  }

  get status(): number {
    return errorTable[this.code].status
  }
}
