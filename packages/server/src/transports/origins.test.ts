import { describe, expect, it } from 'vitest'
import { createAllowsOrigin } from './origins.ts'

describe('origins', () => {
  it('are compared exactly', () => {
    const allows = createAllowsOrigin({ allowed: ['https://app.example'], loopback: false })
    expect(allows('https://app.example')).toBe(true)
    for (const other of [
      'https://app.example.evil',
      'https://app.example:443',
      'https://app.example/',
      'null',
      '',
    ])
      expect(allows(other)).toBe(false)
  })

  it('of this machine are allowed in development, and none that only look like it', () => {
    const allows = createAllowsOrigin({ allowed: [], loopback: true })
    for (const here of ['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:5173'])
      expect(allows(here)).toBe(true)
    for (const evil of [
      'http://localhost.evil.example',
      'http://localhost:3000.evil',
      'http://127.0.0.1.nip.io',
      'null',
    ])
      expect(allows(evil)).toBe(false)
  })

  it('are all allowed by a star, save those that have no name', () => {
    const allows = createAllowsOrigin({ allowed: ['*'], loopback: false })
    expect(allows('https://anything.example')).toBe(true)
    expect(allows('null')).toBe(false)
  })
})
