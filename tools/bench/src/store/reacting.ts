import { performance } from 'node:perf_hooks'
import { channelId } from './people.ts'
import type { SendsTold } from './sending.ts'

export interface ReactsWish {
  readonly reactors: number
  /** Messages of channel 0 to which they react, one after the other. */
  readonly messages: number
  /** Reactions of one of them that wait for their answer at any moment. */
  readonly inFlight: number
  readonly ms: number
}

/** One operation of somebody: resolves with its answer. */
export type ReactOne = (
  reactor: number,
  op: 'reaction.add' | 'reaction.remove',
  input: object,
) => Promise<unknown>

const EMOJIS = ['👍', '❤️', '😂', '🎉', '😮']

/** The id that `seedMessages` gives to the nth message of channel 0. */
export const messageId = (nth: number): string =>
  String(BigInt(channelId(0)) + 1_000_000_000n + BigInt(2 * nth) * 4096n)

/** Everybody adds reactions and takes them back again, the next one as soon as an earlier one is answered. */
export async function reactFor(
  { reactors, messages, inFlight, ms }: ReactsWish,
  react: ReactOne,
): Promise<SendsTold> {
  const begun = performance.now()
  const latencies: number[] = []
  const reactOn = async (lane: number): Promise<void> => {
    for (let nth = 0; performance.now() - begun < ms; nth++) {
      const place = (lane * 31 + Math.floor(nth / 2)) % messages
      const sentAt = performance.now()
      await react(lane % reactors, nth % 2 === 0 ? 'reaction.add' : 'reaction.remove', {
        channelId: channelId(0),
        messageId: messageId(place),
        emoji: EMOJIS[Math.floor(lane / reactors) % EMOJIS.length],
      })
      latencies.push(performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: reactors * inFlight }, (_, lane) => reactOn(lane)))
  return { acknowledged: latencies.length, seconds: (performance.now() - begun) / 1000, latencies }
}
