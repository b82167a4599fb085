import { ChatError, LIMITS } from '@tertulia/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson } from './strictJson.ts'

const faultOf = (text: string): { path: string; message: string } => {
  try {
    parseStrictJson(text)
  } catch (error) {
    if (error instanceof ChatError && error.code === 'bad_request')
      return (error.details as { fields: [{ path: string; message: string }] }).fields[0]
    throw error
  }
  throw new Error(`was accepted: ${text.slice(0, 80)}`)
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** Values that our rules leave alone: shallow, well-formed, no forbidden keys, no numbers that change. */
const plain = fc
  .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
  .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)))
  .map((value): unknown => JSON.parse(JSON.stringify(value)))

describe('parseStrictJson', () => {
  it('understands valid JSON exactly as JSON.parse does', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        expect(parseStrictJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('refuses what JSON.parse refuses, whatever the text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      '1',
      'e',
      '-',
      '.',
      'null',
      'a',
      ' ',
      '\\"',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
        const text = list.join('')
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        if (!valid) expect(faultOf(text)).toEqual({ path: '', message: 'must be JSON' })
      }),
      { numRuns: 2000 },
    )
  })

  it('finds a key given twice, at any depth and however it is escaped', () => {
    const key = fc.string({ minLength: 1, maxLength: 5 }).filter((text) => text.isWellFormed())
    const spelled = (text: string) =>
      `"${[...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
    fc.assert(
      fc.property(key, fc.nat(10), (name, depth) => {
        const twice = `{${JSON.stringify(name)}:1,"other":{":":"\\":"},${spelled(name)}:2}`
        const fault = faultOf('['.repeat(depth) + twice + ']'.repeat(depth))
        if (!['__proto__', 'other'].includes(name))
          expect(fault.message).toBe('must not give a key twice')
      }),
    )
  })

  it.each(['{"text":"a","text":"b"}', '[{"a":{"b":1,"c":2,"b":1}}]'])('refuses %s', (text) => {
    expect(faultOf(text).message).toBe('must not give a key twice')
  })

  it.each([
    ['{"__proto__":{"admin":true}}', '__proto__'],
    ['{"custom":{"constructor":{"prototype":{}}}}', 'custom.constructor'],
    ['{"list":[{"prototype":1}]}', 'list[0].prototype'],
    ['{"\\u005f_proto__":1}', '__proto__'],
  ])('refuses the key in %s', (text, path) => {
    expect(faultOf(text)).toEqual({ path, message: 'must not be used as a key' })
  })

  it('counts nesting, envelope included, before it parses', () => {
    expect(parseStrictJson(nested(LIMITS.jsonDepth))).toBeDefined()
    expect(faultOf(nested(LIMITS.jsonDepth + 1)).message).toContain('nest')
    // A million open brackets are no JSON: that the nesting is named shows what was looked at first.
    expect(faultOf('['.repeat(1_000_000)).message).toContain('nest')
    expect(parseStrictJson(`"${'['.repeat(100)}"`)).toBe('['.repeat(100))
  })

  it('refuses integers whose last digits would be lost', () => {
    for (const text of [
      '9007199254740993',
      '-9007199254740993',
      '{"custom":{"x":9007199254740993}}',
      '[1,123456789012345678901234567890]',
      '9'.repeat(400),
      '9'.repeat(500_000),
    ])
      expect(faultOf(text).message).toContain('last digits')
  })

  it.each([
    '9007199254740992',
    '9007199254740994',
    '-9007199254740991',
    '1152921504606847000',
    '1152921504606846976',
    '1000000000000000000000',
    '0.1',
    '3.141592653589793238462643',
    '1e21',
    '9007199254740993.5',
  ])('takes %s, which a double holds, or comes close to', (text) => {
    expect(parseStrictJson(`[${text}]`)).toEqual([Number(text)])
  })

  it.each(['1e400', '-1e400', '-0', '[-0.0]', '{"a":0.1e-400}', '1e-999'])(
    'refuses the number %s, which would become another one',
    (text) => {
      expect(faultOf(text).message).toMatch(/number/)
    },
  )

  it.each([
    ['0', 0],
    ['0e-400', 0],
    ['0.0e-9', 0],
    ['1.5e-7', 1.5e-7],
    ['1e3', 1000],
    ['-0.5', -0.5],
    ['"1e-999"', '1e-999'],
  ])('keeps %s', (text, value) => {
    expect(parseStrictJson(text)).toBe(value)
  })

  it.each(['"\\ud800"', '{"\\udc00":1}', '["ok","\\ud83d"]'])(
    'refuses the half surrogate pair in %s',
    (text) => {
      expect(faultOf(text).message).toBe('must be well-formed Unicode')
    },
  )

  it.each([
    '',
    ' ',
    '{',
    '\uFEFF{}',
    'NaN',
    'Infinity',
    '0x10',
    '+1',
    '01',
    '{a:1}',
    "{'a':1}",
    '[1,]',
    '{}{}',
    '//',
    '"\t"',
  ])('refuses %j', (text) => {
    expect(faultOf(text).message).toBe('must be JSON')
  })

  it('never quotes the text', () => {
    expect(JSON.stringify(faultOf('{"text":"a private thing" oops}'))).not.toContain('private')
  })

  it('takes a time that grows with the length only', () => {
    const quotes = `"${'\\"'.repeat(500_000)}`
    const exponents = '1e-'.repeat(300_000)
    const digits = `${'1'.repeat(1_000_000)}e-5`
    const started = performance.now()
    for (const text of [quotes, exponents, digits]) faultOf(text)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
