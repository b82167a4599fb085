import { LIMITS } from '@tertulia/protocol'
import type { Snapshot } from '../store/engine.ts'
import { fromJson } from '../store/json.ts'
import { statement } from '../store/statement.ts'

/** The seq at which an epoch of a stream began: everything up to it is shared with the epochs before. */
export type EpochMark = readonly [epoch: number, startSeq: number]

export interface StreamState {
  readonly id: string
  readonly owner: 'channel' | 'user'
  readonly epoch: number
  readonly seq: number
  readonly floor: number
  readonly marks: readonly EpochMark[]
}

const select = statement<{ id: string }>()((db, p, dialect) => {
  const query = db.selectFrom('streams').selectAll().where('id', '=', p.id)
  return dialect === 'postgres' ? query.forUpdate() : query
})
const peek = statement<{ id: string }>()((db, p) =>
  db.selectFrom('streams').selectAll().where('id', '=', p.id),
)

/** The stream under its lock, for a transaction. */
export const lockState = async (db: Snapshot, id: string) => stateOf(await select.first(db, { id }))

/** The stream as this snapshot sees it, in the epoch of this store. */
export async function readStream(
  db: Snapshot,
  id: string,
  storeEpoch: number,
): Promise<StreamState | null> {
  const state = stateOf(await peek.first(db, { id }))
  return state && inEpoch(state, storeEpoch)
}

/** A stream that was not written in this epoch yet stands at a virtual mark: its head. */
export function inEpoch(state: StreamState, epoch: number): StreamState {
  if (state.epoch >= epoch) return state
  const marks = [...state.marks, [epoch, state.seq] as const].slice(-LIMITS.epochMarks)
  return { ...state, epoch, marks }
}

const isMark = (mark: unknown): mark is EpochMark =>
  Array.isArray(mark) && mark.length === 2 && mark.every(Number.isSafeInteger)

type Row = NonNullable<Awaited<ReturnType<typeof peek.first>>>

/** Leaves room for the next one. */
export const isPlace = (number: number): boolean =>
  Number.isSafeInteger(number) && number >= 0 && number < Number.MAX_SAFE_INTEGER

/** Null also for a stream whose numbers cannot be: nothing can be told or written in it until somebody repairs it. */
function stateOf(row: Row | undefined): StreamState | null {
  if (!row || ![row.epoch, row.seq, row.floor_seq].every(isPlace)) return null
  return {
    id: row.id,
    owner: row.owner,
    epoch: row.epoch,
    seq: row.seq,
    floor: row.floor_seq,
    // Without its marks clients of older epochs start over: more than needed, and never wrong.
    marks: fromJson<unknown[]>(row.marks, []).filter(isMark),
  }
}

/** Where a client may go on from, judged without any proof but its cursor. */
export type Standing = 'same' | 'delta' | 'floor' | 'epoch' | 'unknown'

/**
 * Judges a cursor. Fail-over and restore leave a prefix of each stream, so a client of an earlier epoch stands on
 * the shared prefix when its seq is at most every later mark's startSeq (SPEC: EPOCH).
 */
export function standingOf(
  stream: StreamState,
  cursor: { readonly epoch: number; readonly seq: number },
): Standing {
  if (cursor.epoch > stream.epoch) return 'epoch'
  if (cursor.epoch < stream.epoch && !sharesPrefix(stream, cursor)) return 'epoch'
  if (cursor.seq > stream.seq) return 'unknown'
  if (cursor.seq < stream.floor) return 'floor'
  return cursor.seq === stream.seq ? 'same' : 'delta'
}

function sharesPrefix(
  stream: StreamState,
  cursor: { readonly epoch: number; readonly seq: number },
): boolean {
  // A stream that began in this epoch shares nothing with earlier ones, nor does one whose marks were lost.
  if (stream.marks.at(-1)?.[0] !== stream.epoch) return false
  const oldest = stream.marks[0]
  // With all places taken, marks between the cursor's epoch and the oldest kept one may have been dropped.
  if (stream.marks.length >= LIMITS.epochMarks && oldest && cursor.epoch < oldest[0]) return false
  return stream.marks.every(([epoch, startSeq]) => epoch <= cursor.epoch || cursor.seq <= startSeq)
}
