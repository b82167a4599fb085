import type { TracedCall } from './trace.ts'

/** What stands in the text of a message, so that it is recognised in pages and frames. */
export const markerOf = (number: number): string => `flush-${number}-mark`
const MARKER = /flush-\d+-mark/g

const isLog = ({ target }: TracedCall): boolean => target.endsWith('-wal')
const isFlush = (call: TracedCall): boolean => isLog(call) && /^f(data)?sync$/.test(call.name)
const isLogWrite = (call: TracedCall): boolean => isLog(call) && call.name.startsWith('pwrite')
const isTelling = ({ target }: TracedCall): boolean => /^(socket|TCP|UNIX)/.test(target)

interface Moments {
  /** Where the page with the message was first handed to the write-ahead log. */
  readonly logged: ReadonlyMap<string, number>
  /** Where the first bytes with the message were handed to a client. */
  readonly told: ReadonlyMap<string, number>
  /** The flushes of the log, by the place at which they began. */
  readonly flushes: readonly TracedCall[]
}

/** Each message that was told to somebody before its page was flushed, and each that was never seen in the log. */
export function toldTooEarly(
  calls: readonly TracedCall[],
  markers: readonly string[],
): readonly string[] {
  const moments = momentsOf(calls)
  return markers.flatMap((marker) => {
    const fault = faultOf(moments, marker)
    return fault === null ? [] : [`${marker} ${fault}`]
  })
}

function momentsOf(calls: readonly TracedCall[]): Moments {
  const logged = new Map<string, number>()
  const told = new Map<string, number>()
  for (const call of calls) {
    const seen = isLogWrite(call) ? logged : isTelling(call) ? told : null
    if (!seen) continue
    for (const [marker] of call.text.matchAll(MARKER))
      if (!seen.has(marker)) seen.set(marker, call.begun)
  }
  return { logged, told, flushes: calls.filter(isFlush) }
}

function faultOf({ logged, told, flushes }: Moments, marker: string): string | null {
  const toldAt = told.get(marker)
  const loggedAt = logged.get(marker)
  if (toldAt === undefined) return 'was acknowledged, but no answer is in the trace'
  if (loggedAt === undefined) return 'was acknowledged, but is not in the log'
  const flush = flushes[firstFrom(flushes, loggedAt)]
  if (flush && flush.returned < toldAt) return null
  return loggedAt > toldAt
    ? 'was told before it was written to the log'
    : 'was told before the log was flushed'
}

/** The index of the first flush that began after a place. */
function firstFrom(flushes: readonly TracedCall[], place: number): number {
  let low = 0
  for (let high = flushes.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((flushes[middle]?.begun ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}
