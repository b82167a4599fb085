import type { WatchersFrame } from '@tertulia/protocol'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Announcement } from '../../ports/bus.ts'
import type { Audience, Companion } from '../../ports/companion.ts'
import { COUNT, type CountNotice, WATCHERS } from './notices.ts'
import { Tallies } from './tallies.ts'

/** How many users watch each live channel: counted by each node for its own, told once in a while as their sum. */
export function createWatchers(ground: Ground): Companion {
  const { bus, node, settings, timers, clock, limits } = ground
  const tallies = new Tallies()
  let audience: Audience | null = null
  const due = new Later<string>({ timers, clock, ms: limits.watchersMs, run: (id) => round(id) })

  /** Whoever came meanwhile was told nothing yet, so it is told also when the sum is as before. */
  function round(channelId: string): void {
    const users = audience?.users(channelId) ?? 0
    if (users !== tallies.of(channelId, node)) {
      const data: CountNotice = { channelId, node, users }
      bus.publish({ kind: 'passing', to: WATCHERS, about: channelId, data })
    }
    if (users === 0) return
    const count = tallies.sum(channelId)
    const frame: WatchersFrame = { type: 'watchers', channel: channelId, count }
    audience?.tell(channelId, { frame: JSON.stringify(frame), instead: new Map() })
  }

  const mark = (channelId: string) => {
    if (!due.has(channelId)) due.put(channelId)
  }

  function hear({ channelId, node: from, users }: CountNotice): void {
    tallies.note(channelId, from, users)
    const sum = tallies.sum(channelId)
    settings.moments.note(COUNT, channelId, sum === 0 ? null : sum)
    if (from !== node && (audience?.users(channelId) ?? 0) > 0) mark(channelId)
  }

  const receive = (announcement: Announcement) => {
    if (announcement.kind === 'passing' && announcement.to === WATCHERS)
      hear(announcement.data as CountNotice)
  }

  return {
    meet(met) {
      audience = met
      bus.subscribe(receive)
    },
    signals: {},
    moved: mark,
    stop: () => due.clear(),
  }
}
