import { expect, it } from 'vitest'
import { markerOf, toldTooEarly } from './flushOrder.ts'
import { TraceReader } from './trace.ts'

const LOG = '/tmp/a folder/tertulia.db-wal'

function found(...lines: readonly string[]): readonly string[] {
  const reader = new TraceReader()
  for (const line of lines) reader.line(line)
  return toldTooEarly(reader.calls, [markerOf(1)])
}

const written = `7 pwrite64(21<${LOG}>, "\\0\\0flush-1-mark\\0", 4096, 56) = 4096`
const flushed = `7 fdatasync(21<${LOG}>)             = 0`
const told = '7 write(30<socket:[99]>, "\\201\\20{\\"text\\":\\"flush-1-mark\\"}", 30) = 30'

it('accepts an answer after the flush of its page', () => {
  expect(found(written, flushed, told)).toEqual([])
})

it('finds an answer before the flush', () => {
  expect(found(written, told, flushed)).toEqual([
    'flush-1-mark was told before the log was flushed',
  ])
})

it('finds an answer before the page was written at all', () => {
  expect(found(told, written, flushed)).toEqual([
    'flush-1-mark was told before it was written to the log',
  ])
})

it('finds an answer while a flush on another thread has not returned yet', () => {
  const begun = `8 fdatasync(21<${LOG}> <unfinished ...>`
  const returned = '8 <... fdatasync resumed>)             = 0'
  expect(found(written, begun, told, returned)).toHaveLength(1)
  expect(found(written, begun, returned, told)).toEqual([])
})

it('does not take the flush of another file for the one of the log', () => {
  const database = flushed.replace('-wal', '')
  expect(found(written, database, told)).toHaveLength(1)
})

it('does not call a run faultless in which the message was not seen', () => {
  expect(found(written, flushed)).toEqual([
    'flush-1-mark was acknowledged, but no answer is in the trace',
  ])
  expect(found(flushed, told)).toEqual(['flush-1-mark was acknowledged, but is not in the log'])
})
