import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Hub } from './hub.ts'

/** What is gone with an event is not told any more where it still waits: the place in the stream remains. */
export function takeBack({ gathered }: Hub, { takesBack, floor }: StreamAnnouncement): void {
  if (!gathered || (!takesBack && floor === null)) return
  for (const waiting of gathered.announcements) {
    const { contentKey, subjectSeq } = waiting
    const isNamed = contentKey !== undefined && takesBack?.includes(contentKey)
    const isBelow = floor !== null && subjectSeq !== null && subjectSeq <= floor
    if (isNamed || isBelow) gathered.takenBack.add(waiting)
  }
}
