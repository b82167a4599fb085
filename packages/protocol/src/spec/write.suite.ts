import { readFileSync, writeFileSync } from 'node:fs'
import { errorTable, events, operations } from '../index.ts'
import { described, schema, schemaNames, signature } from './signature.suite.ts'

/** Writes what SPEC.md only repeats of the contract: run it when the contract changed, and then write the rules. */
const file = new URL('../../SPEC.md', import.meta.url)

type Operation = (typeof operations)[number]

function operationRow({ name, rest, socket, callers, rate, retry }: Operation): string {
  const route = rest ? `\`${rest.method} ${rest.path}\`` : '-'
  return `| \`${name}\` | ${route} | ${socket ? 'yes' : '-'} | ${callers.join(', ')} | \`${rate}\` | ${retry} |`
}

function eventRow({ name, stream, summary }: (typeof events)[number]): string {
  return `| \`${name}\` | ${stream} | \`${signature(schema(`${name}.data`))}\` | ${summary} |`
}

function errorRow([code, { status, retry, what, fix }]: [
  string,
  (typeof errorTable)[keyof typeof errorTable],
]): string {
  return `| \`${code}\` | ${status} | ${retry} | ${what} | ${fix} |`
}

/** Replaces the rows of the table that begins with this heading. */
function table(heading: string, rows: readonly string[]) {
  return (text: string): string => {
    const lines = text.split('\n')
    const start = lines.findIndex((line) => line.startsWith(heading))
    if (start < 0) throw new Error(`SPEC.md has no table that begins with ${heading}`)
    let end = start + 2
    while (lines[end]?.startsWith('|')) end++
    return [...lines.slice(0, start + 2), ...rows, ...lines.slice(end)].join('\n')
  }
}

/** All of them, from the first heading of an operation to the next chapter. */
function operationSections(text: string): string {
  const [first] = operations
  const start = text.indexOf(`### \`${first.name}\``)
  const end = text.indexOf('\n## ', start)
  return `${text.slice(0, start)}${operations.map(operationSection).join('\n\n')}\n${text.slice(end)}`
}

function operationSection({ name, summary, errors }: Operation): string {
  const lines = [
    `- in: \`${signature(schema(`${name}.input`))}\``,
    `- out: \`${signature(schema(`${name}.output`))}\``,
    ...described(name).map(([field, { description }]) => `- \`${field}\`: ${description}`),
    ...(errors.length > 0 ? [`- errors: ${errors.map((code) => `\`${code}\``).join(', ')}`] : []),
  ]
  return `### \`${name}\`\n\n${summary}\n\n${lines.join('\n')}`
}

/** The lines of a text block that begin like a form of this union. */
function forms(name: string) {
  const signatures = (schema(name).oneOf ?? []).map(signature)
  return (text: string): string => {
    const intro = text.indexOf(`\`${name}\` is one of\n\n`)
    if (intro < 0) throw new Error(`SPEC.md does not list the forms of ${name}.`)
    const start = text.indexOf('```text\n', intro) + '```text\n'.length
    return `${text.slice(0, start)}${signatures.join('\n')}\n${text.slice(text.indexOf('```', start))}`
  }
}

function frames(text: string): string {
  return schemaNames
    .filter((name) => name.endsWith('Frame'))
    .reduce(
      (so, name) =>
        so.replace(
          new RegExp(`^- \`${name}\`: \`.*\`$`, 'm'),
          () => `- \`${name}\`: \`${signature(schema(name))}\``,
        ),
      text,
    )
}

const before = readFileSync(file, 'utf8')
const after = [
  table('| Operation | REST |', operations.map(operationRow)),
  operationSections,
  table('| Event | Stream |', events.map(eventRow)),
  table('| Code | Status |', Object.entries(errorTable).map(errorRow)),
  ...['ChannelSync', 'UserSync'].map(forms),
  frames,
].reduce((text, write) => write(text), before)
writeFileSync(file, after)
console.log(after === before ? 'SPEC.md is up to date.' : 'SPEC.md was brought up to date.')
