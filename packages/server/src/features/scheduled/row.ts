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

function stateOf({ failed_at: at, failed_code }: ScheduledRow): ScheduledMessage['state'] {
  if (at === null) return { is: 'waiting' }
  // A newer version of the server may have had more reasons.
  return { is: 'failed', code: errorCodes.find((code) => code === failed_code) ?? 'internal', at }
}

type Input = InputOf<typeof createScheduled>

export interface Begun {
  readonly input: Input
  readonly uid: string
  readonly version: number
  readonly now: number
}

export const rowOf = ({ input, uid, version, now }: Begun): ScheduledRow => ({
  uid,
  channel_id: input.channelId,
  client_id: input.clientId,
  version,
  send_at: input.sendAt,
  text: input.text,
  mentions: JSON.stringify(input.mentions),
  quoted_id: input.quotedId ?? null,
  thread_root_id: input.threadRootId ?? null,
  also_in_channel: input.alsoInChannel ? 1 : 0,
  silent: input.silent ? 1 : 0,
  custom: JSON.stringify(input.custom),
  created_at: now,
  failed_code: null,
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
