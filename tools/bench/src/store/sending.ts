import { performance } from 'node:perf_hooks'
import { channelId } from './people.ts'

export interface SendsWish {
  readonly senders: number
  readonly channels: number
  /** Sends of one sender that wait for their acknowledgement at any moment. */
  readonly inFlight: number
  readonly ms: number
}

export interface SendsTold {
  readonly acknowledged: number
  readonly seconds: number
  /** ms from send to acknowledgement. */
  readonly latencies: readonly number[]
}

/** One send: resolves with its acknowledgement. */
export type SendOne = (sender: number, input: Readonly<Record<string, unknown>>) => Promise<unknown>

// About a hundred characters, as people write.
export const TEXT =
  'The ferry leaves at nine, so bring the blue folder and a coat: it will rain before we are back.'

/** Every sender sends to the channels in turn, one message as soon as an earlier one is acknowledged. */
export async function sendFor(
  { senders, channels, inFlight, ms }: SendsWish,
  send: SendOne,
): Promise<SendsTold> {
  const begun = performance.now()
  const latencies: number[] = []
  const sendOn = async (sender: number, first: number): Promise<void> => {
    for (let nth = first; performance.now() - begun < ms; nth++) {
      const sentAt = performance.now()
      await send(sender, {
        channelId: channelId(nth % channels),
        clientId: newClientId(),
        text: TEXT,
      })
      latencies.push(performance.now() - sentAt)
    }
  }
  const lanes = Array.from({ length: senders * inFlight }, (_, lane) =>
    sendOn(lane % senders, lane),
  )
  await Promise.all(lanes)
  return { acknowledged: latencies.length, seconds: (performance.now() - begun) / 1000, latencies }
}

let clientIds = 0
const run = Math.floor(Math.random() * 2 ** 32)
  .toString(16)
  .padStart(8, '0')

/** UUIDv7 in form, unique over all processes of one bench, and cheap: the client must not be what is measured. */
export const newClientId = (): string =>
  `019a9f2e-8c4b-7${run.slice(0, 3)}-8${run.slice(3, 6)}-${run.slice(6)}${(++clientIds).toString(16).padStart(10, '0')}`
