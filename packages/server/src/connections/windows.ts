import type { StreamAnnouncement } from '../ports/bus.ts'
import { beginGathered, follows } from './gathering.ts'
import type { Hub } from './hub.ts'
import type { Loop } from './loop.ts'
import { samplerFor } from './sampling.ts'

/**
 * Keeps an event of a stream that is told in windows until the end of its window, and notes whether it is told at all.
 * False for what must be told now.
 */
export function waitForWindow(
  loop: Loop,
  hub: Hub,
  announcement: StreamAnnouncement,
  flush: () => void,
): boolean {
  const { window } = hub
  // With the last event of a channel all interest in it ends: what still waited would find nobody.
  if (window === null || announcement.closes) return false
  const isTold = tells(hub, announcement)
  if (!hub.gathered || !follows(announcement, hub.gathered)) {
    flush()
    hub.gathered = beginGathered(loop.timers.after(window.ms, flush))
  }
  const { gathered } = hub
  gathered.announcements.push(announcement)
  if (isTold) gathered.bytes += announcement.frame.length
  else {
    gathered.omitted.add(announcement)
    loop.tally.omitted++
  }
  if (gathered.bytes > loop.limits.windowBytes) flush()
  return true
}

function tells(hub: Hub, { omission }: StreamAnnouncement): boolean {
  // What an older version wrote into the outbox does not say.
  if (!omission || hub.window === null) return true
  hub.sampler ??= samplerFor(hub.window)
  return hub.sampler?.tells(omission.at) ?? true
}
