import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, errorTable, generalErrorCodes, operations } from '../index.ts'
import { openApiDocument } from './index.ts'

interface Call {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters: readonly {
    readonly in: string
    readonly name: string
    readonly required?: boolean
  }[]
  readonly requestBody?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

const document = openApiDocument()
const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Call>>>>
const onRest = operations.flatMap(({ rest, ...operation }) =>
  rest ? [{ ...operation, rest }] : [],
)
const callOf = ({ rest }: (typeof onRest)[number]) =>
  paths[rest.path]?.[rest.method.toLowerCase()] as Call
const where = (call: Call, place: string) =>
  call.parameters.filter((one) => one.in === place).map(({ name }) => name)
const find = (name: string) =>
  callOf(onRest.find((one) => one.name === name) as (typeof onRest)[number])

test('the document has no fault that redocly knows', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia openapi '))
  try {
    const file = join(folder, 'openapi.json')
    await writeFile(file, JSON.stringify(document))
    const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
    const config = fileURLToPath(new URL('../../redocly.yaml', import.meta.url))
    const lint = promisify(execFile)(
      process.execPath,
      [redocly, 'lint', file, '--config', config, '--format', 'stylish'],
      {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    )
    await expect(lint.catch((failure) => Promise.reject(failure.stdout))).resolves.toBeDefined()
  } finally {
    await rm(folder, { recursive: true })
  }
})

describe.each(onRest)('$name', (operation) => {
  const call = callOf(operation)

  test('stands at its method and path, under its name', () => {
    expect(call.operationId).toBe(operation.name)
    expect(call.summary).toBe(operation.summary)
    expect(call.tags).toEqual([operation.name.split('.')[0]])
  })

  test('is open for its callers only', () => {
    const expected = { user: { userToken: [] }, server: { apiKey: [] } }
    expect(call.security).toEqual(operation.callers.map((caller) => expected[caller]))
  })

  test('tells every error that it may answer with', () => {
    for (const code of [...generalErrorCodes, ...operation.errors])
      expect(codesOf(call)).toContain(code)
    for (const code of codesOf(call))
      expect([...generalErrorCodes, ...operation.errors]).toContain(code)
  })
})

describe('where the fields travel', () => {
  test('message.send: the channel in the path, the client id in the header, the rest in the body', () => {
    const call = find('message.send')
    expect(where(call, 'path')).toEqual(['channelId'])
    expect(call.parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'Idempotency-Key', required: true }),
    )
    expect(JSON.stringify(call.requestBody)).toContain('"text"')
    expect(JSON.stringify(call.requestBody)).not.toContain('clientId')
    expect(JSON.stringify(call.requestBody)).toContain('"additionalProperties":false')
  })

  test('message.history: all but the path in the query, none of it required', () => {
    const call = find('message.history')
    expect(where(call, 'query')).toEqual(['before', 'after', 'around', 'threadRootId', 'limit'])
    expect(call.parameters.filter((one) => one.in === 'query' && one.required)).toEqual([])
    expect(call.requestBody).toBeUndefined()
  })

  test('user.query: a list is one parameter with commas', () => {
    const ids = find('user.query').parameters.find(({ name }) => name === 'ids')
    expect(ids).toMatchObject({
      in: 'query',
      style: 'form',
      explode: false,
      schema: { type: 'array' },
    })
  })

  test('member.join: nothing is left for a body', () => {
    expect(find('member.join').requestBody).toBeUndefined()
  })
})

test('answers are open', () => {
  for (const operation of onRest) {
    expect(JSON.stringify(callOf(operation).responses['200'])).not.toContain(
      '"additionalProperties":false',
    )
  }
})

/** Every code of every response of a call, each under the status of the table. */
function codesOf(call: Call): readonly ErrorCode[] {
  const shared = document.components?.responses as Readonly<Record<string, unknown>>
  return Object.entries(call.responses)
    .filter(([status]) => status !== '200')
    .flatMap(([status, response]) => {
      const { $ref } = response as { readonly $ref?: string }
      const text = JSON.stringify($ref ? shared[$ref.split('/').at(-1) as string] : response)
      const codes = JSON.parse(text.match(/"enum":(\[[^\]]*\])/)?.[1] ?? '[]') as ErrorCode[]
      for (const code of codes) expect(String(errorTable[code].status)).toBe(status)
      return codes
    })
}
