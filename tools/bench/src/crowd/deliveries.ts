import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { channelId, userId } from '../store/people.ts'
import { messageId } from '../store/reacting.ts'
import { newClientId } from '../store/sending.ts'
import { API_KEY } from '../store/server.ts'
import type { Client } from './client.ts'
import type { Crowd } from './crowd.ts'
import { evenly } from './flow.ts'
import { HttpLine, requestText } from './http.ts'

/** Messages at an even rate, and clients that note when each of them came. */
export interface Talk {
  readonly channel: number
  readonly firstProbe: number
  readonly probes: number
  readonly perSecond: number
}

export interface DeliveriesWish {
  readonly port: number
  readonly ms: number
  /** Time after the last message in which what is still on its way arrives. */
  readonly settleMs: number
  readonly talks: readonly Talk[]
  /** Reactions by the key, of one user after another, to messages of channel 0. */
  readonly reactions: {
    readonly perSecond: number
    readonly messages: number
    readonly users: number
  } | null
}

/** ms of every delivery to a probe, talk by talk. */
export type DeliveriesTold = readonly (readonly number[])[]

const SAID = /"text":"said at ([\d.]+)"/g

export async function deliveries(crowd: Crowd, wish: DeliveriesWish): Promise<DeliveriesTold> {
  const { port, ms, settleMs, talks, reactions } = wish
  const told = await Promise.all(talks.map((talk) => listen(crowd, port, talk)))
  await Promise.all([
    ...talks.map(({ channel, perSecond }) =>
      ask(port, { perSecond, ms }, () => messageTo(channel)),
    ),
    reactions &&
      ask(port, { perSecond: reactions.perSecond, ms }, (nth) =>
        reactionOf(nth % reactions.users, nth % reactions.messages),
      ),
  ])
  await sleep(settleMs)
  for (const { probes } of told) for (const probe of probes) probe.leave()
  crowd.check()
  return told.map(({ times }) => times)
}

/** Over a connection of its own, so that nothing waits behind what others ask. */
async function ask(
  port: number,
  pace: { readonly perSecond: number; readonly ms: number },
  request: (nth: number) => string,
): Promise<void> {
  const line = new HttpLine(port)
  const answers: Promise<unknown>[] = []
  await evenly(pace, (nth) => void answers.push(line.ask([request(nth)])))
  await Promise.all(answers)
  line.close()
}

async function listen(crowd: Crowd, port: number, { channel, firstProbe, probes: count }: Talk) {
  const times: number[] = []
  const hello = { channels: [{ id: channelId(channel), interest: 'full' }] }
  const probes: Client[] = []
  for (let nth = 0; nth < count; nth++) {
    const dialect = { kind: 'tertulia', counts: 'nothing', hello } as const
    const probe = await crowd.open(port, dialect, firstProbe + nth)
    probe.onText = (text) => {
      for (const [, at] of text.matchAll(SAID)) times.push(performance.now() - Number(at))
    }
    probes.push(probe)
  }
  return { times, probes }
}

const messageTo = (channel: number): string =>
  requestText({
    method: 'POST',
    path: `/v1/channels/${channelId(channel)}/messages`,
    bearer: API_KEY,
    body: { clientId: newClientId(), text: `said at ${performance.now()}` },
  })

const reactionOf = (user: number, nth: number): string =>
  requestText({
    method: 'PUT',
    path: `/v1/channels/${channelId(0)}/messages/${messageId(nth)}/reactions/yes`,
    bearer: API_KEY,
    body: { userId: userId(user) },
  })

/** The same for a server that says nothing but the next frame: its nth is the answer to the nth trigger. */
export interface PlainDeliveriesWish {
  readonly port: number
  readonly ms: number
  readonly settleMs: number
  readonly probes: number
  readonly perSecond: number
}

export async function plainDeliveries(
  crowd: Crowd,
  { port, ms, settleMs, probes, perSecond }: PlainDeliveriesWish,
): Promise<readonly number[]> {
  const times: number[] = []
  const saidAt: number[] = []
  const clients: Client[] = []
  for (let nth = 0; nth < probes; nth++) {
    const client = await crowd.open(port, { kind: 'plain', path: '/member', reads: true }, nth)
    let heard = 0
    client.onText = () => void times.push(performance.now() - (saidAt[heard++] ?? Number.NaN))
    clients.push(client)
  }
  const trigger = await crowd.open(port, { kind: 'plain', path: '/trigger' }, probes)
  await evenly({ perSecond, ms }, () => {
    saidAt.push(performance.now())
    trigger.send('go')
  })
  await sleep(settleMs)
  for (const client of [...clients, trigger]) client.leave()
  crowd.check()
  return times
}
