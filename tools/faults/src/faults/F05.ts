import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { markerOf, toldTooEarly } from '../flush/flushOrder.ts'
import { readTrace } from '../flush/trace.ts'
import { evenSeats, openScene, type Scene } from '../scene/scene.ts'
import type { Break } from '../server/breaks.ts'
import { traceFile } from '../server/program.ts'
import { comes } from '../waiting.ts'
import { type Report, unless } from './report.ts'

export interface F05Options {
  readonly seed: number
  readonly sends: number
  readonly broken?: Break
}

export const F05 = { short: { sends: 1_000 }, long: { sends: 10_000 } }

const PEOPLE = { people: 10, channels: 5, seats: evenSeats(5, 2) }
const TRACE_MS = 30_000

/** Traces the system calls of a server: whatever it tells anybody was flushed to the disk before. */
export async function runF05({ seed, sends, broken }: F05Options): Promise<Report> {
  await using scene = await openScene({
    ...PEOPLE,
    seed,
    server: { kind: 'traced', broken: broken ?? null },
  })
  await scene.connect()
  await sendMarked(scene, sends)
  const file = traceFile(scene)
  const { pid } = scene.supervisor.process
  await scene.supervisor.stop()
  // The tracer writes on after the server is gone.
  const end = new RegExp(`^${pid} +\\+\\+\\+ killed by SIGKILL`, 'm')
  const isWhole = await comes(() => end.test(tailOf(file)), TRACE_MS)
  const calls = await readTrace(file)
  const markers = scene.history.attempts.flatMap(({ send, outcome }) =>
    outcome.kind === 'ok' ? [send.text] : [],
  )
  const flushes = calls.filter(({ name, target }) => /sync$/.test(name) && target.endsWith('-wal'))
  return {
    fault: 'F05',
    figures: { acknowledged: markers.length, flushes: flushes.length, calls: calls.length },
    violations: [
      ...toldTooEarly(calls, markers),
      ...unless(isWhole, 'the trace has no end, so it may lack calls'),
      ...unless(
        markers.length === sends,
        `only ${markers.length} of ${sends} sends were acknowledged`,
      ),
    ],
  }
}

async function sendMarked({ senders, chance, channelsOf }: Scene, sends: number): Promise<void> {
  let count = 0
  await Promise.all(
    senders.map(async (sender, index) => {
      while (count < sends) await sender.send(chance.pick(channelsOf(index)), markerOf(++count))
    }),
  )
}

const TAIL = 1000

function tailOf(file: string): string {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(TAIL)
    const start = Math.max(0, fstatSync(handle).size - TAIL)
    return bytes.toString('latin1', 0, readSync(handle, bytes, 0, TAIL, start))
  } finally {
    closeSync(handle)
  }
}
