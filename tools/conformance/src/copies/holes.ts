import type { ChannelState } from './channelState.ts'
import type { RangeFrame } from './follower.ts'

/** A range in which events were left out on purpose (SEQ-7). */
export interface Hole {
  readonly after: number
  readonly upTo: number
  readonly omitted: number
}

export const holesOf = (frame: RangeFrame): Hole[] =>
  frame.type === 'events' && frame.omitted > 0
    ? [{ after: frame.prev, upTo: frame.seq, omitted: frame.omitted }]
    : []

/**
 * A new snapshot without what somebody was never told: messages in holes, as many as were said to be left out. Whatever
 * else is missing stays in, and so does everything that the copy holds.
 */
export function withoutOmitted(
  fresh: ChannelState,
  copy: ChannelState,
  holes: readonly Hole[],
): ChannelState {
  const lacked = new Set(holes.flatMap((hole) => lackedIn(hole, fresh, copy)))
  if (lacked.size === 0) return fresh
  const isHeld = ([id]: readonly [string, unknown]) => !lacked.has(id)
  return {
    ...fresh,
    messages: Object.fromEntries(Object.entries(fresh.messages).filter(isHeld)),
    own: Object.fromEntries(Object.entries(fresh.own).filter(isHeld)),
    channel: { ...fresh.channel, lastMessageAt: latest(fresh, copy) },
  }
}

function lackedIn({ after, upTo, omitted }: Hole, fresh: ChannelState, copy: ChannelState) {
  const lacked = Object.values(fresh.messages).flatMap(({ id, seq }) =>
    seq > after && seq <= upTo && !(id in copy.messages) ? id : [],
  )
  if (lacked.length > omitted)
    throw new Error(
      `(${after}, ${upTo}] lacks ${lacked.length} messages, and ${omitted} were said to be left out.`,
    )
  return lacked
}

/** SEQ-12: it follows from what the client took over. */
const latest = (fresh: ChannelState, copy: ChannelState): number | null =>
  copy.channel.lastMessageAt === null ||
  copy.channel.lastMessageAt < (fresh.channel.lastMessageAt ?? 0)
    ? copy.channel.lastMessageAt
    : fresh.channel.lastMessageAt
