import { LIMITS, PageCursor } from '@tertulia/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveKey } from './derivedKeys.ts'
import { createPageCursors } from './pageCursors.ts'

const SECRET = 'a secret that nobody can guess, 2026'
const cursors = createPageCursors(deriveKey(SECRET, 'page-cursors'))
const question = { operation: 'user.query', actor: 'u:7', filter: { prefix: 'al' } }
const refusal = expect.objectContaining({ code: 'bad_request' })

describe('page cursors', () => {
  it('come back as the position they were made of', () => {
    const part = fc.oneof(fc.string(), fc.integer(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (position) => {
        expect(cursors.read(question, cursors.write(question, position))).toEqual(position)
      }),
    )
  })

  it('are good for the same operation, caller and filter only', () => {
    const cursor = cursors.write(question, ['alice', '7'])
    for (const other of [
      { ...question, operation: 'member.list' },
      { ...question, actor: 'u:8' },
      { ...question, filter: { prefix: 'a' } },
      { ...question, filter: undefined },
    ])
      expect(() => cursors.read(other, cursor)).toThrow(refusal)
  })

  it('cannot be made up or changed', () => {
    const cursor = cursors.write(question, ['alice', 7])
    const bytes = Buffer.from(cursor, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => cursors.read(question, changed.toString('base64url'))).toThrow(refusal)
    }
    for (const made of [
      '',
      'x',
      'A'.repeat(22),
      '[1]',
      Buffer.from('["alice",7]').toString('base64url'),
    ])
      expect(() => cursors.read(question, made)).toThrow(refusal)
  })

  it('of another installation are foreign', () => {
    const foreign = createPageCursors(deriveKey(`${SECRET}!`, 'page-cursors')).write(question, [
      'alice',
      7,
    ])
    expect(() => cursors.read(question, foreign)).toThrow(refusal)
  })

  it('fit the contract with the longest name', () => {
    const cursor = cursors.write(question, [
      'x'.repeat(LIMITS.nameCharacters),
      '9223372036854775807',
    ])
    expect(PageCursor.safeParse(cursor).success).toBe(true)
  })
})

describe('derived keys', () => {
  it('are stable, and another one for every secret', () => {
    expect(deriveKey(SECRET, 'page-cursors')).toEqual(deriveKey(SECRET, 'page-cursors'))
    expect(deriveKey(SECRET, 'page-cursors')).not.toEqual(deriveKey(`${SECRET}!`, 'page-cursors'))
    expect(deriveKey(SECRET, 'page-cursors')).toHaveLength(32)
  })
})
