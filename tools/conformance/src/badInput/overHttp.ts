import { errorTable, Problem } from '@tertulia/protocol'
import { expect } from 'vitest'
import { type RawAnswer, RawHttp } from '../doors/rawHttp.ts'
import type { Ears } from '../ears.ts'
import { strictly } from '../strictly.ts'
import { DEADLINE_MS } from './harm.ts'
import type { HttpExpectation, HttpRow, Outcome } from './rows.ts'
import type { World } from './world.ts'

/** Writes the bytes and holds the first answer against the expectation and the contract. */
export async function performHttp(
  { bytes, expect: wanted }: HttpRow,
  world: World,
  ears: Ears,
): Promise<void> {
  const door = RawHttp.open(world.url)
  try {
    door.say(bytes(world))
    const answer = await door.answer(ears, wanted.withinMs ?? DEADLINE_MS)
    check(wanted, answer)
    if (wanted.closes) await door.isEnded()
  } finally {
    door.drop()
  }
}

function check({ outcome, headers = {} }: HttpExpectation, answer: RawAnswer | null): void {
  const allowed: readonly string[] = typeof outcome === 'string' ? [outcome] : outcome
  expect(allowed, `The answer was ${answer?.status}: ${answer?.text.slice(0, 400)}`).toContain(
    outcomeOf(answer),
  )
  for (const [name, value] of Object.entries(headers))
    expect(answer?.headers.get(name) ?? null, name).toBe(value)
}

function outcomeOf(answer: RawAnswer | null): string {
  if (answer === null) return 'hung up'
  if (answer.status === 101) return 'switched'
  if (answer.status === 204) return 'preflight'
  return answer.status === 200 ? 'done' : codeOf(answer)
}

/** The code of a refusal, which must be a whole problem document, also where no route was reached (REST-6). */
export function codeOf({ status, headers, text }: RawAnswer): Outcome {
  expect(headers.get('content-type'), text).toMatch(/^application\/problem\+json/)
  expect(headers.get('cache-control'), text).toContain('no-store')
  const problem = strictly(Problem, JSON.parse(text), 'A refusal')
  expect([status, problem.status], problem.code).toEqual([
    errorTable[problem.code].status,
    errorTable[problem.code].status,
  ])
  if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
  if (status === 405) expect(headers.get('allow')).toMatch(/^[A-Z, ]+$/)
  return problem.code
}
