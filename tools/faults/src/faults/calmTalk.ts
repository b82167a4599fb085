import type { Sender } from '../client/sender.ts'
import type { Scene } from '../scene/scene.ts'
import { comes, now } from '../waiting.ts'

export interface CalmTalk {
  readonly perSecond: number
  /** The first so many people say nothing and are not asked what they heard. */
  readonly silent: number
}

interface Talker {
  readonly sender: Sender
  readonly channel: string
}

const SAID_AT = / @([\d.]+)$/
const LAST_DELIVERY_MS = 5_000

/** Everyday talk beside a fault: how long each message took to each listener, and whether it came at all. */
export function startCalmTalk(
  { people, senders, chance, channelsOf }: Scene,
  { perSecond, silent }: CalmTalk,
) {
  const talkers: Talker[] = senders
    .map((sender, person) => ({ sender, channel: channelsOf(person)[0] ?? '' }))
    .slice(silent)
  const listeners = Map.groupBy(talkers, ({ channel }) => channel)
  const underWay = new Set<Promise<unknown>>()
  let delays: number[] = []
  let delivered = 0
  let expected = 0
  for (const person of people.slice(silent))
    person.onEvent = ({ text }) => {
      const saidAt = SAID_AT.exec(text ?? '')?.[1]
      if (saidAt === undefined) return
      delivered++
      delays.push(now() - Number(saidAt))
    }
  const say = ({ sender, channel }: Talker) => {
    expected += listeners.get(channel)?.length ?? 0
    return sender.send(channel, `calm words up to ${expected} @${now().toFixed(1)}`)
  }
  const timer = setInterval(() => {
    const saying = say(chance.pick(talkers)).finally(() => underWay.delete(saying))
    underWay.add(saying)
  }, 1000 / perSecond)
  return {
    /** The delays in ms since the last call. */
    takeDelays(): readonly number[] {
      const taken = delays
      delays = []
      return taken
    },
    /** Ends the talk. `missed` deliveries did not come, even after a while. */
    async stop() {
      clearInterval(timer)
      await Promise.all(underWay)
      await comes(() => delivered >= expected, LAST_DELIVERY_MS)
      return { delivered, missed: expected - delivered }
    },
  }
}

/** The value below which 99 % lie, in whole ms. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0)
}
