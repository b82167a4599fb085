import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { jsonSchemaDocument } from '../documents/index.ts'
import { frameName, roots, type Written } from '../documents/schemas.ts'
import { clientFrames, events, LIMITS, operations, serverFrames, utf8Bytes } from '../index.ts'

interface Example {
  readonly number: number
  readonly marks: readonly string[]
  readonly text: string
}

interface Frame {
  readonly op?: string
  readonly name?: string
  readonly data?: unknown
}

const spec = readFileSync(new URL('../../SPEC.md', import.meta.url), 'utf8')
const examples = [...spec.matchAll(/^```json(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, marks = '', text = ''], at): Example => ({
    number: at + 1,
    marks: marks.trim().split(' '),
    text,
  }),
)

const validator = new Ajv2020({ strict: true, strictTypes: false })
const document = jsonSchemaDocument()
validator.addSchema(document)

/** The contract takes the value, and knows every field of it. */
function expectContract(name: string, value: unknown): void {
  const root = roots().find((one) => one.name === name)
  if (!root)
    throw new Error(`SPEC.md marks an example with ${name}, which is no part of the contract.`)
  const parsed = root.schema.safeParse(value)
  expect(parsed.error?.issues ?? [], name).toEqual([])
  expectKnown(root.schema, root.written, value)
  const valid = validator.compile({ $ref: `${document.$id}#/$defs/${name}` })
  expect(valid(value) ? [] : valid.errors, name).toEqual([])
}

/** zod leaves unknown fields of open objects out, so what is still equal holds known ones only. */
function expectKnown(schema: z.ZodType, written: Written, value: unknown): void {
  if (written === 'byServer') expect(schema.parse(value)).toEqual(value)
}

describe('the examples of SPEC.md', () => {
  test.each(examples)(
    'number $number, $marks.0, is what the contract says',
    ({ marks: [mark = '', op], text }) => {
      const value: unknown = JSON.parse(text)
      expectContract(mark, value)
      const frame = value as Frame
      if (mark === 'RequestFrame') expectContract(`${frame.op}.input`, frame.data)
      if (mark === 'ResponseFrame' && 'data' in frame) expectContract(`${op}.output`, frame.data)
      if (mark === 'ResponseFrame') expect(operations.map(({ name }) => name)).toContain(op)
      if (mark === 'EventFrame') expectContract(`${frame.name}.data`, frame.data)
    },
  )

  test('every block of JSON says what it is', () => {
    expect(spec.match(/^```json *$/gm)).toBeNull()
    expect(examples.length).toBeGreaterThan(20)
  })

  test('there is one of every frame', () => {
    const shown = examples.map(({ marks }) => marks[0])
    for (const frame of [...clientFrames, ...serverFrames])
      expect(shown).toContain(frameName(frame))
  })

  test('the names of events are those of the contract', () => {
    const told = examples
      .filter(({ marks }) => marks[0] === 'EventFrame')
      .map(({ text }) => JSON.parse(text).name)
    for (const name of told) expect(events.map((event) => event.name)).toContain(name)
  })

  test('a hello with 200 cursors and a long token fits into the first frame', () => {
    const channel = {
      id: '9223372036854775807',
      epoch: 1_000_000,
      seq: Number.MAX_SAFE_INTEGER,
      interest: 'list',
    }
    const channels = Array.from({ length: LIMITS.syncChannels }, () => channel)
    const hello = {
      type: 'hello',
      protocol: 1,
      token: 'x'.repeat(LIMITS.tokenBytes),
      device: 'x'.repeat(64),
      channels,
    }
    expect(utf8Bytes(JSON.stringify(hello))).toBeLessThan(LIMITS.firstFrameBytes)
  })
})

test('the token that SPEC.md shows is the one that its secret and claims make', () => {
  const [, secret = '', claims = ''] =
    spec.match(/with the secret `([^`]+)` and the claims `([^`]+)`/) ?? []
  const [token = ''] = spec.match(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m) ?? []
  const signed = ['{"alg":"HS256","typ":"JWT"}', claims]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
  expect(utf8Bytes(secret)).toBeGreaterThanOrEqual(LIMITS.secretBytes)
  expect(token).toBe(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)
})
