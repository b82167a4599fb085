import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  closeCodes,
  errorTable,
  events,
  LIMITS,
  limitTable,
  operations,
  wireHistory,
} from '../index.ts'
import { described, fields, schema, schemaNames, signature } from './signature.suite.ts'

/** SPEC.md is written for strangers who have nothing else. These tests keep it true. */
const spec = readFileSync(new URL('../../SPEC.md', import.meta.url), 'utf8')

describe('rules', () => {
  const ids = [...spec.matchAll(/^- \*\*([A-Z]+)-(\d+)\*\* /gm)].map(([, area, number]) => ({
    area,
    number: Number(number),
  }))

  test('are numbered by area, each number once and none left out', () => {
    for (const area of new Set(ids.map((id) => id.area))) {
      const numbers = ids.filter((id) => id.area === area).map(({ number }) => number)
      expect(
        numbers.toSorted((a, b) => a - b),
        area,
      ).toEqual(numbers.map((_, at) => at + 1))
    }
  })

  test('that are quoted exist', () => {
    const known = new Set(ids.map(({ area, number }) => `${area}-${number}`))
    const areas = [...new Set(ids.map(({ area }) => area))].join('|')
    const quoted = [...spec.matchAll(new RegExp(`\\b(?:${areas})-\\d+\\b`, 'g'))].map(([id]) => id)
    expect(quoted.filter((id) => !known.has(id))).toEqual([])
  })

  test('every area that a client needs is there', () => {
    const life = ['AUTH', 'CONN', 'HELLO', 'REQ', 'BEAT', 'CLOSE', 'BACK', 'RATE', 'SLOW', 'DRAIN']
    const content = [
      'SEQ',
      'APPLY',
      'RANGE',
      'SYNC',
      'SEND',
      'INT',
      'EPH',
      'VIS',
      'DEL',
      'EVT',
      'REST',
      'ERR',
    ]
    expect(ids.map(({ area }) => area)).toEqual(expect.arrayContaining([...life, ...content]))
  })
})

describe.each([...operations])(
  'operation $name',
  ({ name, summary, rest, socket, callers, rate, retry, errors }) => {
    test('stands in the table', () => {
      const route = rest ? `\`${rest.method} ${rest.path}\`` : '-'
      expect(spec).toContain(
        `| \`${name}\` | ${route} | ${socket ? 'yes' : '-'} | ${callers.join(', ')} | \`${rate}\` | ${retry} |`,
      )
    })

    test('has its fields and errors', () => {
      const said = section(`### \`${name}\``)
      expect(said).toContain(summary)
      expect(said).toContain(`- in: \`${signature(schema(`${name}.input`))}\``)
      expect(said).toContain(`- out: \`${signature(schema(`${name}.output`))}\``)
      for (const [field, { description }] of described(name))
        expect(said).toContain(`- \`${field}\`: ${description}`)
      expect(said.match(/- errors: (.*)/)?.[1] ?? '').toBe(
        errors.map((code) => `\`${code}\``).join(', '),
      )
    })
  },
)

describe('tables', () => {
  test.each([...events])('event $name', ({ name, stream, summary }) => {
    expect(spec).toContain(
      `| \`${name}\` | ${stream} | \`${signature(schema(`${name}.data`))}\` | ${summary} |`,
    )
  })

  test.each(Object.entries(errorTable))('error %s', (code, { status, retry, what, fix }) => {
    expect(spec).toContain(`| \`${code}\` | ${status} | ${retry} | ${what} | ${fix} |`)
  })

  test.each(Object.entries(closeCodes))('close code %s', (code, { name, client }) => {
    expect(spec).toContain(`| ${code} | \`${name}\` | \`${client}\` |`)
  })

  test('every limit that is named has its value', () => {
    const rows = [...section('## 22. Limits').matchAll(/^\| `(\w+)` \| (\d+) \| ([^|]+) \|/gm)]
    expect(rows.length).toBeGreaterThan(50)
    for (const [, name, value, unit] of rows) {
      expect(limitTable[name as keyof typeof limitTable], name).toMatchObject({
        value: Number(value),
        unit,
      })
    }
  })

  test.each(['send', 'edit', 'event', 'request'] as const)('rate class %s', (rate) => {
    expect(spec).toContain(
      `| \`${rate}\` | ${LIMITS[`${rate}sPerSecond`]} | ${LIMITS[`${rate}sBurst`]} |`,
    )
  })
})

describe('shapes', () => {
  const named = schemaNames.filter((name) => /^[A-Z]/.test(name))

  test.each(named)('%s is explained', (name) => {
    expect(spec).toContain(`\`${name}\``)
  })

  test.each(named.filter((name) => name.endsWith('Frame')))('frame %s', (name) => {
    expect(spec).toContain(`- \`${name}\`: \`${signature(schema(name))}\``)
  })

  const tables = named.filter(
    (name) => spec.includes(`### \`${name}\`\n`) && schema(name).properties,
  )
  test.each(tables)('every field of %s', (name) => {
    const rows = [...section(`### \`${name}\``).matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)]
    expect(rows.map(([, field, type]) => `${field}: ${type}`)).toEqual(fields(schema(name)))
  })

  test('the objects that clients keep have a table', () => {
    expect(tables).toEqual(expect.arrayContaining(['Message', 'Channel', 'Member', 'Me', 'User']))
  })

  test.each(['ChannelSync', 'UserSync', 'Mention', 'SystemNote'])('every form of %s', (name) => {
    for (const form of schema(name).oneOf ?? []) expect(spec).toContain(`\n${signature(form)}\n`)
  })
})

test('the version of the document is that of the wire', () => {
  expect(wireHistory.length).toBeGreaterThan(0)
  expect(spec).toMatch(/^# The Tertulia protocol, version 1\n/)
})

/** The text from a heading to the next one of its rank or above. */
function section(heading: string): string {
  const start = spec.indexOf(`\n${heading}\n`)
  if (start < 0) return ''
  const rank = heading.indexOf(' ')
  const rest = spec.slice(start + heading.length + 2)
  const end = rest.search(new RegExp(`^#{1,${rank}} `, 'm'))
  return end < 0 ? rest : rest.slice(0, end)
}
