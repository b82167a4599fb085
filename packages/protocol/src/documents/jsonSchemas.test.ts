import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../index.ts'
import { jsonSchemaDocument } from './index.ts'
import { type JsonSchema, roots } from './schemas.ts'

const document = jsonSchemaDocument()
const validator = new Ajv2020({ strict: true, strictTypes: false, allErrors: true })
const check = (name: string) => validator.compile({ $ref: `${document.$id}#/$defs/${name}` })

beforeAll(() => {
  validator.addSchema(document)
})

describe('the JSON Schema document', () => {
  test.each(roots().map(({ name }) => name))('%s compiles', (name) => {
    expect(document.$defs[name]).toBeDefined()
    expect(() => check(name)).not.toThrow()
  })

  test('holds the input and the output of every operation', () => {
    for (const { name } of operations) {
      expect(Object.keys(document.$defs)).toEqual(
        expect.arrayContaining([`${name}.input`, `${name}.output`]),
      )
    }
  })

  test('has a name for every shape that it points to, and none that zod had to invent', () => {
    const names = Object.keys(document.$defs)
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/\$defs\/([^"]+)"/g))
      expect(names).toContain(name)
    expect(names.filter((name) => name.startsWith('__'))).toEqual([])
  })
})

describe('openness', () => {
  const send = { channelId: '1', clientId: '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21', text: 'Hi' }

  test('an input with an unknown field is refused, also further inside', () => {
    const valid = check('message.send.input')
    expect(valid(send)).toBe(true)
    expect(valid({ ...send, colour: 'red' })).toBe(false)
    expect(
      valid({ ...send, mentions: [{ kind: 'channel', start: 0, length: 1, colour: 'red' }] }),
    ).toBe(false)
  })

  test('the hello frame may hold unknown fields', () => {
    const hello = { type: 'hello', protocol: 1, device: 'd_1' }
    expect(check('HelloFrame')({ ...hello, mood: 'curious' })).toBe(true)
  })

  test('what comes from the server may hold more at every level', () => {
    const closed = roots()
      .filter(({ written }) => written === 'byServer')
      .filter(({ name }) => reachable(name).some(isClosed))
    expect(closed).toEqual([])
  })

  test('a response holds data or an error', () => {
    const valid = check('ResponseFrame')
    expect(valid({ type: 'response', id: 1, data: null, trace: 'x' })).toBe(true)
    expect(
      valid({ type: 'response', id: 1, error: { code: 'internal', message: '', requestId: '' } }),
    ).toBe(true)
    expect(valid({ type: 'response', id: 1 })).toBe(false)
  })

  test('a default is told, and the field may be absent', () => {
    const { properties, required } = document.$defs['message.send.input'] as JsonSchema
    expect(properties?.custom).toMatchObject({ default: {} })
    expect(properties?.mentions).toMatchObject({ default: [] })
    expect(required).toEqual(['channelId', 'clientId', 'text'])
  })
})

/** The named schema and all that it points to. */
function reachable(name: string, seen = new Set<string>()): readonly JsonSchema[] {
  if (seen.has(name)) return []
  seen.add(name)
  const schema = document.$defs[name] as JsonSchema
  const next = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)]
  return [schema, ...next.flatMap(([, other]) => reachable(other as string, seen))]
}

const isClosed = (schema: JsonSchema) =>
  JSON.stringify(schema).includes('"additionalProperties":false')
