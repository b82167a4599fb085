import type { Sender } from '../client/sender.ts'
import type { Scene } from './scene.ts'

export interface Load {
  readonly sends: number
  /** Called when each send begins, with its number from 1 on. */
  readonly began: (count: number) => void
}

/** One of so many sends is by mallory, who is no member of anything. */
const MALLORY_EVERY = 25

/** Everybody sends into own channels as fast as answers come, one message at a time each. */
export async function sendAll(scene: Scene, { sends, began }: Load): Promise<void> {
  const { senders, chance, mallory, channels } = scene
  let count = 0
  await Promise.all(
    senders.map(async (sender, index) => {
      while (count < sends) {
        began(++count)
        if (count % MALLORY_EVERY === 0) await mallory.send(chance.pick(channels))
        else await sender.send(chance.pick(scene.channelsOf(index)))
      }
    }),
  )
}

/**
 * Messages at a steady pace, each by somebody who has nothing else under way. `stop` ends it and waits until every
 * message was answered for good.
 */
export function sendSteadily(scene: Scene, perSecond: number): { stop(): Promise<void> } {
  const { senders, chance, channelsOf } = scene
  const idle = [...senders.entries()]
  const underWay = new Set<Promise<void>>()
  const send = async (index: number, sender: Sender) => {
    await sender.send(chance.pick(channelsOf(index)))
    idle.push([index, sender])
  }
  const timer = setInterval(() => {
    const [next] = idle.splice(chance.between(0, idle.length - 1), 1)
    if (!next) return
    const sending = send(...next).finally(() => underWay.delete(sending))
    underWay.add(sending)
  }, 1000 / perSecond)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(underWay)
    },
  }
}
