import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from './perform.ts'

const RESULTS = join(import.meta.dirname, '..', '..', 'results')

/** Keeps a result beside the earlier ones of other benches; returns where. */
export function save(result: Result): string {
  mkdirSync(RESULTS, { recursive: true })
  const file = join(RESULTS, `${result.bench}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  return file
}

/** The result for a person, as Markdown. */
export function table({ bench, machine, commit, load, figures, targets }: Result): string {
  return [
    `## ${bench}`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}, ${commit}, ` +
      `load ${load.before[0]} before and ${load.after[0]} after`,
    '',
    '| figure | unit | median | spread | runs |',
    '| --- | --- | ---: | ---: | --- |',
    ...figures.map(
      ({ name, unit, median, spread, runs }) =>
        `| ${name} | ${unit} | ${median} | ${Math.round(spread * 100)} % | ${runs.join(', ')} |`,
    ),
    '',
    '| target | bound | median | | runs |',
    '| --- | --- | ---: | --- | --- |',
    ...targets.map(
      ({ what, bound, median, met, runs }) =>
        `| ${what} | ${bound} | ${median} | ${met ? 'met' : 'MISSED'} | ${runs.join(', ')} |`,
    ),
    '',
  ].join('\n')
}
