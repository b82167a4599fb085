import type { Announcement, Bus } from '@tertulia/server/parts'
import type { Chance } from '../world/chance.ts'
import type { BusClimate } from '../world/climate.ts'
import type { Life } from './life.ts'

export interface RoughBusOptions {
  readonly life: Life
  readonly chance: Chance
  /** Asked at every announcement: the faults end when the healing begins. */
  readonly climate: () => BusClimate
}

/**
 * A bus as bad as its port allows: what concerns one stream comes in order or not at all, late, and sometimes twice.
 * What changes access is never lost: the frame loop has no way yet to notice that.
 */
export function roughBus({ life, chance, climate }: RoughBusOptions): Bus {
  const receivers: ((announcement: Announcement) => void)[] = []
  const arrivals = new Map<string, number>()

  const tellAll = (announcement: Announcement) => {
    for (const receive of receivers) receive(announcement)
  }
  const arrive = (announcement: Announcement, at: number) => {
    const wait = at - life.monotonic()
    if (wait <= 0) tellAll(announcement)
    else life.after(wait, () => tellAll(announcement))
  }

  return {
    publish(announcement) {
      if (life.vigour !== 'alive') return
      const { delayMs, loss, doubles } = climate()
      if (loss > 0 && mayBeLost(announcement) && chance.happens(loss)) return
      const stream = streamOf(announcement)
      const now = life.monotonic()
      const at = Math.max(arrivals.get(stream) ?? 0, now + chance.fraction() * delayMs)
      arrivals.set(stream, at)
      arrive(announcement, at)
      if (doubles > 0 && chance.happens(doubles))
        arrive(announcement, at + chance.fraction() * 3000)
    },
    subscribe(receive) {
      receivers.push(receive)
    },
  }
}

const mayBeLost = (announcement: Announcement): boolean =>
  announcement.kind === 'event' && announcement.access.length === 0 && !announcement.closes

function streamOf(announcement: Announcement): string {
  if (announcement.kind === 'event') return announcement.stream
  if (announcement.kind === 'passing') return announcement.about
  return announcement.kind === 'disconnect' ? announcement.uid : announcement.channelId
}
