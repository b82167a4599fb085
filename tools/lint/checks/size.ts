import type { Check, Finding } from '../finding.ts'

const WARN_AT = 300
const FAIL_AT = 500

/** Files that may be longer, each with its reason. */
const EXCEPTED: ReadonlySet<string> = new Set([])

/** Names that say nothing: whatever finds no home ends up there. */
const NAMELESS = new Set(['utils', 'util', 'helpers', 'common', 'misc', 'lib'])

export const size: Check = (tree) => [
  ...tree.sources.flatMap(({ path, text }) => tooLong(path, text.trimEnd().split('\n').length)),
  ...[...tree.files].flatMap(nameless),
]

function tooLong(file: string, lines: number): Finding[] {
  if (lines <= WARN_AT || EXCEPTED.has(file)) return []
  const level = lines > FAIL_AT ? 'error' : 'warning'
  const message =
    `${lines} lines; from ${WARN_AT} a warning, from ${FAIL_AT} an error. ` +
    'Split it by what its parts are responsible for, not by size.'
  return [{ level, rule: 'size', file, line: lines, message }]
}

function nameless(file: string): Finding[] {
  const folder = file
    .split('/')
    .slice(0, -1)
    .find((name) => NAMELESS.has(name))
  if (folder === undefined) return []
  const message =
    `a folder named "${folder}" tells nobody what is in it. Put the code beside its only ` +
    'user, or name the folder by its product word.'
  return [{ level: 'error', rule: 'folders', file, line: 1, message }]
}
