import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { StoreAwayError } from '../store/engine.ts'
import { createPinoLog } from './log.pino.ts'

function logged(err: unknown): string {
  let text = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  createPinoLog('info', destination).error({ err }, 'it failed')
  return text
}

const failing = (message: string, fields: object) => Object.assign(new Error(message), fields)

test.each([
  [
    'ECONNREFUSED',
    failing('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED', syscall: 'connect' }),
  ],
  ['57P01', failing('terminating connection due to administrator command', { code: '57P01' })],
  ['28P01', failing('password authentication failed for user "tertulia"', { code: '28P01' })],
  [
    'database or disk is full',
    failing('database or disk is full', { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
  ],
  ['Connection terminated', failing('Connection terminated unexpectedly', {})],
])('why a store is away stands in the log: %s', (words, cause) => {
  const line = logged(new StoreAwayError('The database cannot be reached.', { cause }))
  expect(line).toContain(words)
  expect(line).toContain(cause.message.replaceAll('"', '\\"'))
  expect(line).toContain('The database cannot be reached.')
})

test.each([
  failing('invalid input syntax for type bigint: "hush"', { code: '22P02', detail: 'hush' }),
  new TypeError('Cannot read hush of undefined'),
  failing('duplicate key value', { code: '23505', detail: 'Key (id)=(hush) already exists.' }),
])('what an error may quote does not: %s', (cause) => {
  expect(logged(cause)).not.toContain('hush')
  expect(logged(new Error('It failed.', { cause }))).not.toContain('hush')
})
