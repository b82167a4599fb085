import { performance } from 'node:perf_hooks'
import { answer } from '../processes/answers.ts'
import { channelId, userId } from '../store/people.ts'
import { type ReactsWish, reactFor } from '../store/reacting.ts'
import { type SendsTold, type SendsWish, sendFor } from '../store/sending.ts'
import { tokenOf } from '../store/tokens.ts'
import { type BlastWish, blast } from './blast.ts'
import { type ArrivalWish, Crowd } from './crowd.ts'
import {
  type DeliveriesWish,
  deliveries,
  type PlainDeliveriesWish,
  plainDeliveries,
} from './deliveries.ts'
import { type FlowWish, flow } from './flow.ts'
import { HttpLine, requestText } from './http.ts'
import { Requester } from './requester.ts'

// Clients in a process of their own.
const crowd = new Crowd()

export interface RestPagesWish {
  readonly port: number
  readonly limit: number
  readonly before: readonly number[]
}

export interface RestListsWish {
  readonly port: number
  readonly limit: number
  readonly lists: number
}

answer({
  /** ms of each list of channels over one HTTP connection, as user 0. */
  async lists({ port, limit, lists }: RestListsWish): Promise<number[]> {
    const line = new HttpLine(port)
    const bearer = tokenOf(userId(0))
    const times: number[] = []
    for (let nth = 0; nth < lists; nth++) {
      const begun = performance.now()
      await line.ask([requestText({ method: 'GET', path: `/v1/channels?limit=${limit}`, bearer })])
      times.push(performance.now() - begun)
    }
    line.close()
    return times
  },
  arrive: (wish: ArrivalWish) => crowd.arrive(wish),
  leave: () => crowd.leave(),
  check: () => crowd.check(),
  blast: (wish: BlastWish) => blast(crowd, wish),
  flow: (wish: FlowWish) => flow(crowd, wish),
  deliveries: (wish: DeliveriesWish) => deliveries(crowd, wish),
  plainDeliveries: (wish: PlainDeliveriesWish) => plainDeliveries(crowd, wish),
  /** The clients that arrived send; each over its own connection. */
  sends(wish: SendsWish): Promise<SendsTold> {
    const requesters = crowd.clients.map((client) => new Requester(client))
    return sendFor(wish, async (sender, input) => requesters[sender]?.ask('message.send', input))
  },
  /** The clients that arrived react; each over its own connection. */
  reacts(wish: ReactsWish): Promise<SendsTold> {
    const requesters = crowd.clients.map((client) => new Requester(client))
    return reactFor(wish, async (reactor, op, input) => requesters[reactor]?.ask(op, input))
  },
  /** ms of each page of channel 0 over one HTTP connection, as user 0. */
  async pages({ port, limit, before }: RestPagesWish): Promise<number[]> {
    const line = new HttpLine(port)
    const bearer = tokenOf(userId(0))
    const times: number[] = []
    for (const seq of before) {
      const path = `/v1/channels/${channelId(0)}/messages?before=${seq}&limit=${limit}`
      const begun = performance.now()
      await line.ask([requestText({ method: 'GET', path, bearer })])
      times.push(performance.now() - begun)
    }
    line.close()
    return times
  },
})
