import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { channelId, userId } from '../store/people.ts'
import { newClientId, TEXT } from '../store/sending.ts'
import { API_KEY } from '../store/server.ts'
import type { Crowd } from './crowd.ts'
import { HttpLine, requestText } from './http.ts'

/** People who say something into channel 0, by the app's key, at an even rate, whether or not it arrives. */
export interface FlowWish {
  readonly port: number
  readonly firstAuthor: number
  readonly authors: number
  readonly perSecond: number
  readonly ms: number
  /** Time after the last message in which what is still on its way arrives. */
  readonly settleMs: number
}

export interface FlowTold {
  readonly messages: number
  /** Counted frames, over all who watch. */
  readonly frames: number
  readonly seconds: number
}

const PATH = `/v1/channels/${channelId(0)}/messages`

export async function flow(crowd: Crowd, wish: FlowWish): Promise<FlowTold> {
  const { port, firstAuthor, authors, perSecond, ms, settleMs } = wish
  const line = new HttpLine(port)
  const framesBefore = crowd.counter.count
  const begun = performance.now()
  const answers: Promise<unknown>[] = []
  await evenly({ perSecond, ms }, (nth) => {
    const author = userId(firstAuthor + (nth % authors))
    const body = { clientId: newClientId(), text: TEXT, author }
    answers.push(line.ask([requestText({ method: 'POST', path: PATH, bearer: API_KEY, body })]))
  })
  await Promise.all(answers)
  await sleep(settleMs)
  line.close()
  crowd.check()
  return {
    messages: answers.length,
    frames: crowd.counter.count - framesBefore,
    seconds: (performance.now() - begun) / 1000,
  }
}

/** Does something so many times in a second; what came too late is made up for. */
export async function evenly(
  { perSecond, ms }: { readonly perSecond: number; readonly ms: number },
  act: (nth: number) => void,
): Promise<void> {
  const begun = performance.now()
  const times = Math.max(1, Math.round((perSecond * ms) / 1000))
  for (let nth = 0; nth < times; nth++) {
    const wait = begun + (nth * 1000) / perSecond - performance.now()
    if (wait > 0) await sleep(wait)
    act(nth)
  }
}
