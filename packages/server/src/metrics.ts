import type { Counts } from './connections/gateway.ts'
import type { Metric } from './transports/metrics.ts'

export interface Figures {
  readonly counts: Counts
  readonly waitingWrites: number
  /** ms. */
  readonly loopDelay: number
}

/** What an operator watches, read at the moment of the question. */
export function metricsOf({ counts, waitingWrites, loopDelay }: Figures): readonly Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    kind: 'gauge',
    help,
    value,
  })
  const counter = (name: string, help: string, value: number): Metric => ({
    name,
    kind: 'counter',
    help,
    value,
  })
  return [
    gauge('connections', 'Open connections.', counts.connections),
    gauge('users_connected', 'Users with a connection.', counts.users),
    gauge('channels_watched', 'Channels that somebody watches here.', counts.hubs),
    gauge('writes_waiting', 'Operations waiting for the write queue.', waitingWrites),
    gauge('loop_delay_ms', 'Delay of the loop, 99th percentile since the last look.', loopDelay),
    gauge('memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    counter('deliveries_total', 'Events handed to connections.', counts.deliveries),
    counter('bumps_total', 'Bumps handed to connections.', counts.bumps),
    counter('omitted_total', 'Events left out of a flood.', counts.omitted),
    counter('dropped_total', 'Ephemeral frames dropped for slow readers.', counts.dropped),
    counter('lagging_total', 'Connections that fell behind.', counts.lagging),
    counter('gaps_total', 'Gaps told to slow readers.', counts.gaps),
    counter('too_slow_total', 'Connections closed for being too slow.', counts.tooSlow),
  ]
}
