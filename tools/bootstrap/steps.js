import { commandOf } from './repository.js'

/**
 * @typedef {object} Places
 * @property {string} temp removed when everything is over
 * @property {string} results where a counted step writes its results in the form of vitest's JSON
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {(places: Places) => string[]} args of the repository's own Node
 * @property {boolean} [counted] each of its tests counts; any other step counts as one
 * @property {boolean} [alone] two runs at once take turns
 * @property {readonly string[]} [needs] tools of the system without which it cannot run, see machine.js
 * @property {readonly string[]} [wants] tools that are brought if that is permitted; the step itself says what it
 *   left out without them
 */

const sources = ['--conditions=tertulia-source', '--disable-warning=ExperimentalWarning']
const house = [...sources, 'tools/lint/main.ts']

/** @param {string} project of vitest.config.ts */
function vitest(project) {
  /** @param {Places} places */
  return ({ results }) => [
    commandOf('vitest', 'vitest'),
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ]
}

/**
 * Everything that `npm test` runs, in this order. A step that ends with code 77 was skipped and has
 * said why.
 * @type {readonly Step[]}
 */
export const steps = [
  { name: 'types', args: () => [commandOf('typescript', 'tsc'), '-b'], alone: true },
  { name: 'lint', args: () => [commandOf('@biomejs/biome', 'biome'), 'check', '.'] },
  { name: 'house', args: () => [...house, 'house'] },
  { name: 'unused', args: () => [commandOf('knip', 'knip'), '--no-progress'] },
  { name: 'licences', args: () => [...house, 'licences'] },
  { name: 'advisories', args: () => [...house, 'advisories'] },
  { name: 'vitest', counted: true, args: vitest('all') },
  { name: 'postgres', counted: true, args: vitest('postgres'), needs: ['postgres'] },
  { name: 'faults', counted: true, args: vitest('faults'), wants: ['strace'] },
  { name: 'packages', counted: true, args: vitest('packages') },
  { name: 'browser', counted: true, args: vitest('browser'), needs: ['chromium'] },
]
