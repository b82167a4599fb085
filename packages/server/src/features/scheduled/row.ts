import {
  type createScheduled,
  errorCodes,
  type InputOf,
  type ScheduledMessage,
  type sendMessage,
} from '@tertulia/protocol'
import { fromJson } from '../../store/json.ts'
import { mentionsOf } from '../messages/index.ts'
import type { ScheduledRow } from './scheduled.store.ts'

/** What its author sees of it. */
export const publicScheduled = (row: ScheduledRow): ScheduledMessage => ({
  channelId: row.channel_id,
  clientId: row.client_id,
  sendAt: row.send_at,
  state: stateOf(row),
  version: row.version,
  text: row.text,
  mentions: mentionsOf(row.mentions),
  ...(row.quoted_id === null ? {} : { quotedId: row.quoted_id }),
  ...(row.thread_root_id === null ? {} : { threadRootId: row.thread_root_id }),
  ...(row.also_in_channel ? { alsoInChannel: true as const } : {}),
  ...(row.silent ? { silent: true as const } : {}),
  custom: fromJson(row.custom, {}),
  createdAt: row.created_at,
})

type Failed = Extract<ScheduledMessage['state'], { is: 'failed' }>

function stateOf(row: ScheduledRow): ScheduledMessage['state'] {
  const { failed_at: at, failed_code, failed_details } = row
  if (at === null) return { is: 'waiting' }
  // A newer version of the server may have had more reasons.
  const code = errorCodes.find((code) => code === failed_code) ?? 'internal'
  const details = fromJson<Failed['details'] | null>(failed_details ?? 'null', null)
  return { is: 'failed', code, at, ...(details && { details }) }
}

type Input = InputOf<typeof createScheduled>

export interface Begun {
  readonly input: Input
  readonly uid: string
  readonly version: number
  readonly tryAt: number
  readonly now: number
}

export const rowOf = ({ input, uid, version, tryAt, now }: Begun): ScheduledRow => ({
  uid,
  channel_id: input.channelId,
  client_id: input.clientId,
  version,
  send_at: input.sendAt,
  try_at: tryAt,
  text: input.text,
  mentions: JSON.stringify(input.mentions),
  quoted_id: input.quotedId ?? null,
  thread_root_id: input.threadRootId ?? null,
  also_in_channel: input.alsoInChannel ? 1 : 0,
  silent: input.silent ? 1 : 0,
  custom: JSON.stringify(input.custom),
  created_at: now,
  failed_code: null,
  failed_details: null,
  failed_at: null,
})

/** The send that the author wished for. What no author may say any more is refused by the contract of a send. */
export function wishOf(row: ScheduledRow): InputOf<typeof sendMessage> {
  const { alsoInChannel, silent, ...said } = publicScheduled(row)
  const { channelId, clientId, text, mentions, quotedId, threadRootId, custom } = said
  return {
    channelId,
    clientId,
    text,
    mentions,
    quotedId,
    threadRootId,
    alsoInChannel: alsoInChannel ?? false,
    silent: silent ?? false,
    custom,
  }
}
