import type { Channel, Message } from '@tertulia/protocol'
import { toldOf } from '../client/replica.ts'
import type { Rest } from '../client/rest.ts'
import type { Told } from '../history/record.ts'

interface Page {
  readonly messages: readonly Message[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly high: number
  readonly low: number
}

const page = (rest: Rest, channel: string, query: string): Promise<Page> =>
  rest.must<Page>({ method: 'GET', path: `/v1/channels/${channel}/messages?limit=100${query}` })

/** All messages of a channel, oldest first, as pages after pages say. */
export async function readForward(rest: Rest, channel: string): Promise<readonly Told[]> {
  const all: Told[] = []
  for (let after = 0; ; ) {
    const { messages, hasNewer, high } = await page(rest, channel, `&after=${after}`)
    all.push(...messages.map(toldOf))
    if (!hasNewer) return all
    after = high
  }
}

/** The same from the newest back: the newest first. */
export async function readBackward(rest: Rest, channel: string): Promise<readonly Told[]> {
  const all: Told[] = []
  for (let query = ''; ; ) {
    const { messages, hasOlder, low } = await page(rest, channel, query)
    all.push(...messages.map(toldOf).toReversed())
    if (!hasOlder) return all
    query = `&before=${low}`
  }
}

export async function headOf(rest: Rest, channel: string): Promise<number> {
  const { seq } = await rest.must<{ channel: Channel; seq: number }>({
    method: 'GET',
    path: `/v1/channels/${channel}`,
  })
  return seq
}
