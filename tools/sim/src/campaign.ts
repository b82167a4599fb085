import { Violation } from './checker/violation.ts'
import type { Fault } from './faults/fault.ts'
import { type RunReport, run } from './run.ts'
import type { Stores } from './store/simStore.ts'
import { makeTemplate, type Template } from './template.ts'

/** Stores with the template, for any number of runs. Whoever opened the stores throws them away. */
export interface Ground {
  readonly stores: Stores
  readonly template: Template
}

export const openGround = async (stores: Stores): Promise<Ground> => ({
  stores,
  template: await makeTemplate(await stores.template()),
})

export interface Campaign {
  readonly ground: Ground
  readonly from: number
  readonly seeds: number
  readonly fault: Fault | null
  /** Called after each seed; the campaign ends when it returns false. */
  readonly after: (seed: number, result: RunReport | Violation) => boolean
}

/** Runs one seed after another. Anything but a broken promise is a mistake of the simulation itself and rejects. */
export async function campaign({ ground, from, seeds, fault, after }: Campaign): Promise<void> {
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await run({ ...ground, seed, fault, trace: null }).catch(asViolation)
    if (!after(seed, result)) return
  }
}

/** The same run again, with its last lines and the command that repeats it. */
export async function explain(ground: Ground, seed: number, fault: Fault | null): Promise<string> {
  const lines: string[] = []
  const trace = (line: string) => {
    lines.push(shortened(line))
    if (lines.length > LAST_LINES) lines.shift()
  }
  const result = await run({ ...ground, seed, fault, trace }).catch(asViolation)
  const outcome =
    result instanceof Violation
      ? result.message
      : 'The second run of the same seed passed: it is not repeatable.'
  const { name } = ground.stores
  const options = `${name === 'sqlite' ? '' : ` --store ${name}`}${fault ? ` --fault ${fault.name}` : ''}`
  return [
    `seed ${seed}: ${shortened(outcome)}`,
    ...lines.map((line) => `  ${line}`),
    `repeat it: node --conditions=tertulia-source tools/sim/src/main.ts --seed ${seed}${options} --trace`,
  ].join('\n')
}

const LAST_LINES = 25
const LINE = 300

const shortened = (line: string): string => (line.length > LINE ? `${line.slice(0, LINE)} …` : line)

function asViolation(error: unknown): Violation {
  if (error instanceof Violation) return error
  throw error
}
