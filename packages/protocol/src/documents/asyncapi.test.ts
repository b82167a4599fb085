import { Parser } from '@asyncapi/parser'
import { describe, expect, test } from 'vitest'
import { clientFrames, events, operations, serverFrames } from '../index.ts'
import { asyncApiDocument } from './index.ts'
import { frameName } from './schemas.ts'

const parsed = await new Parser().parse(JSON.stringify(asyncApiDocument()))
const ERROR_OR_WARNING = 1

describe('the AsyncAPI document', () => {
  test('is read without errors and warnings', () => {
    const faults = parsed.diagnostics.filter(({ severity }) => severity <= ERROR_OR_WARNING)
    expect(faults.map(({ message, path }) => `${path.join('/')}: ${message}`)).toEqual([])
    expect(parsed.document?.version()).toBe('3.0.0')
  })

  test('describes one connection at /v1/ws', () => {
    const channels = parsed.document?.channels().all() ?? []
    expect(channels.map((channel) => channel.address())).toEqual(['/v1/ws'])
  })

  const messages = new Map(
    (parsed.document?.messages().all() ?? []).map((message) => [message.id(), message]),
  )

  test.each([...clientFrames, ...serverFrames].map(frameName))('has the frame %s', (name) => {
    expect(messages.get(name)?.payload()).toBeDefined()
  })

  test.each([...events])('has the event $name with its data', ({ name, data }) => {
    const [frame, narrowed] = messages.get(name)?.payload()?.allOf() ?? []
    expect(frame?.property('type')?.const()).toBe('event')
    expect(narrowed?.property('name')?.const()).toBe(name)
    expect(narrowed?.property('data')?.required()).toEqual(Object.keys(data.shape))
  })

  test.each(operations.filter(({ socket }) => socket))(
    'has the request $name and its answer',
    ({ name }) => {
      const operation = parsed.document?.operations().get(name)
      expect(operation?.action()).toBe('send')
      expect(
        operation
          ?.messages()
          .all()
          .map((message) => message.id()),
      ).toEqual([`${name}.request`])
      expect(
        operation
          ?.reply()
          ?.messages()
          .all()
          .map((message) => message.id()),
      ).toEqual([`${name}.response`])
    },
  )

  test('does not offer what a socket cannot call', () => {
    for (const { name } of operations.filter(({ socket }) => !socket)) {
      expect(parsed.document?.operations().get(name)).toBeUndefined()
    }
  })
})
