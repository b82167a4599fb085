import type { ErrorCode } from '@tertulia/protocol'
import { expect } from 'vitest'
import { openWith } from '../doors/hello.ts'
import { Line } from '../doors/line.ts'
import { sayBytes } from '../doors/rawFrames.ts'
import type { Ears } from '../ears.ts'
import { until } from '../until.ts'
import type { Consequence, FrameRow } from './rows.ts'
import type { World } from './world.ts'

/** The id of the request in a row whose consequence is an answer. */
const ASKED = 7

export async function performFrame(
  { bytes, phase, expect: wanted }: FrameRow,
  world: World,
  ears: Ears,
): Promise<void> {
  const { url, tokens } = world
  const line =
    phase === 'first'
      ? await Line.open({ url, ears })
      : (await openWith({ token: tokens.alice }, { url, ears })).line
  try {
    sayBytes(line, bytes(world))
    await follows(line, wanted, world)
  } finally {
    await line.hangUp()
  }
}

async function follows(line: Line, wanted: Consequence, world: World): Promise<void> {
  if (wanted.is === 'closed') return isClosed(line, wanted)
  if (wanted.is === 'answered') expect(await outcomeOfAsked(line)).toBe(wanted.outcome)
  if (wanted.is === 'told') await line.sees('error')
  expect(await line.asks('user.get', { userId: world.ids.alice })).toMatchObject({ ok: true })
  expect(toldOn(line)).toEqual(wanted.is === 'told' ? [wanted.code] : [])
}

const toldOn = (line: Line): readonly ErrorCode[] =>
  line.frames.flatMap((frame) => (frame.type === 'error' ? [frame.error.code] : []))

async function isClosed(
  line: Line,
  { codes, told }: Extract<Consequence, { readonly is: 'closed' }>,
): Promise<void> {
  const { code } = await until('the line is closed by the server', () => line.closed)
  forgiveAnswer(line)
  line.check()
  expect(codes).toContain(code)
  if (told !== undefined) expect(new Set(toldOn(line))).toEqual(new Set([told]))
}

async function outcomeOfAsked(line: Line): Promise<string> {
  const response = await until('the answer', () =>
    line.frames.find((frame) => frame.type === 'response' && frame.id === ASKED),
  )
  forgiveAnswer(line)
  return 'error' in response && response.error ? response.error.code : 'done'
}

/** The line did not ask this itself, and takes the answer for one too many. */
function forgiveAnswer({ faults }: Line): void {
  const first = faults.findIndex(({ message }) => message.includes(`answered ${ASKED}, which`))
  if (first >= 0) faults.splice(first, 1)
}
