import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWellFormedKey, newApiKey } from './keys.ts'

const keyOf = (bytes: Uint8Array) => newApiKey({ bytes: () => bytes })

describe('API keys', () => {
  it('have one length, a prefix that scanners find, and a right checksum, whatever the chance', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = keyOf(bytes)
        expect(key).toMatch(/^tsk_[0-9A-Za-z]{49}$/)
        expect(isWellFormedKey(key)).toBe(true)
      }),
    )
  })

  it('hold all of their random bits', () => {
    expect(keyOf(new Uint8Array(32))).toMatch(/^tsk_0{43}/)
    const ones = new Uint8Array(32).fill(255)
    const almost = ones.with(31, 254)
    expect(keyOf(ones).slice(4, 47)).not.toBe(keyOf(almost).slice(4, 47))
  })

  it('do not survive a changed or swapped character', () => {
    const key = keyOf(randomBytes(32))
    for (let at = 4; at < key.length; at++) {
      const other = key[at] === 'x' ? 'y' : 'x'
      expect(isWellFormedKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false)
    }
  })
})
