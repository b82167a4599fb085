import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createAddressOf, isLoopback, isNetwork, networkOf } from './clientAddress.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

describe('the address of a client', () => {
  it('is the one of the connection, whatever the client claims', () => {
    const addressOf = createAddressOf([])
    expect(addressOf(from('203.0.113.5', '10.0.0.1'))).toBe('203.0.113.5')
    expect(addressOf(from('::ffff:203.0.113.5'))).toBe('203.0.113.5')
  })

  it('is what the outermost trusted proxy saw', () => {
    const addressOf = createAddressOf(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
    expect(addressOf(from('127.0.0.1', '198.51.100.7'))).toBe('198.51.100.7')
    expect(addressOf(from('127.0.0.1', '198.51.100.7, 10.1.2.3'))).toBe('198.51.100.7')
    expect(addressOf(from('::ffff:10.0.0.1', '2001:db8::7, fd00::1'))).toBe('2001:db8::7')
  })

  it('ignores what the client itself wrote into the header', () => {
    const addressOf = createAddressOf(['127.0.0.1'])
    expect(addressOf(from('127.0.0.1', '127.0.0.1, 10.0.0.1, 198.51.100.7'))).toBe('198.51.100.7')
    expect(addressOf(from('198.51.100.7', '1.1.1.1'))).toBe('198.51.100.7')
  })

  it('stays with the proxy when the header is missing or broken', () => {
    const addressOf = createAddressOf(['127.0.0.1'])
    for (const header of [undefined, '', 'unknown', 'evil.example', '1.2.3.4:80', '<script>'])
      expect(addressOf(from('127.0.0.1', header))).toBe('127.0.0.1')
  })
})

describe('networks', () => {
  it('are one IPv4 address or one IPv6 /64', () => {
    expect(networkOf('203.0.113.5')).toBe('203.0.113.5')
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(networkOf('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64')
    expect(networkOf('2001:0db8:0001:0002:ffff::')).toBe('2001:db8:1:2::/64')
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })

  it('are known by their form', () => {
    for (const good of ['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8'])
      expect(isNetwork(good)).toBe(true)
    for (const bad of [
      '',
      'proxy',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '::/129',
      '10.0.0/8',
      '1.2.3.4/-1',
    ])
      expect(isNetwork(bad)).toBe(false)
  })

  it('know this machine', () => {
    for (const here of ['127.0.0.1', '127.9.9.9', '::1']) expect(isLoopback(here)).toBe(true)
    for (const there of ['128.0.0.1', '0.0.0.0', '::', '127.evil', ''])
      expect(isLoopback(there)).toBe(false)
  })
})
