import type { Announcement, Bus } from '../ports/bus.ts'

/** The bus of a single node: whoever receives has received when `publish` returns. Nothing is lost or doubled. */
export function createMemoryBus(): Bus {
  const receivers: ((announcement: Announcement) => void)[] = []
  return {
    publish(announcement) {
      for (const receive of receivers) receive(announcement)
    },
    subscribe(receive) {
      receivers.push(receive)
    },
  }
}
