import type { ChannelHistory } from './channelHistory.ts'

/** A frame that tells several events, and one of them. */
interface Place {
  readonly prev: number
  readonly seq: number
}

/**
 * What an `events` frame may say of an event: what was committed, with the changes of all events of the frame about the
 * same message up to it (REACT-7).
 */
export function gatheredData({ events }: ChannelHistory, { prev, seq }: Place): unknown {
  const data = events[seq - 1]?.data
  if (!data?.changes) return data
  const changes = events
    .slice(prev, seq)
    .flatMap((event) => (event.data.messageId === data.messageId ? (event.data.changes ?? []) : []))
  return { ...data, changes }
}
