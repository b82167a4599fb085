import { misfit } from '../kernel/misfit.ts'
import type { Connection } from './connection.ts'
import { countMalformed } from './failures.ts'
import { listenerOf } from './listeners.ts'
import type { Loop } from './loop.ts'

type Frame = Readonly<Record<string, unknown>>

/** A frame that gets no answer, for the companion that takes its type. False when there is none. */
export function takeSignal(loop: Loop, connection: Connection, frame: Frame): boolean {
  const signal = loop.signals.get(String(frame['type']))
  if (!signal) return false
  const read = signal.form.safeParse(frame)
  if (!read.success) countMalformed(loop, connection, misfit(read.error))
  else if (connection.session) signal.take(listenerOf(loop, connection), read.data)
  return true
}
