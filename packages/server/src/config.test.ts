import { randomBytes } from 'node:crypto'
import { LIMITS } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import {
  ConfigError,
  type ConfigFault,
  type Environment,
  readConfig,
  unknownSettings,
} from './config.ts'
import { newApiKey } from './identity/keys.ts'
import { unsafeSettings } from './unsafeSettings.ts'

const KEY = newApiKey({ bytes: (count) => randomBytes(count) })
const SECRET = randomBytes(36).toString('base64')

function faultsOf(environment: Environment): readonly ConfigFault[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('the config', () => {
  it('is complete without any setting', () => {
    expect(readConfig({ PATH: '/bin' })).toEqual({
      port: 8484,
      host: '127.0.0.1',
      dataDir: './tertulia-data',
      databaseUrl: null,
      secret: null,
      previousSecret: null,
      apiKey: null,
      allowedOrigins: [],
      trustedProxies: [],
      behindTls: false,
      logLevel: 'info',
      metricsToken: null,
      autoCreateUsers: true,
      directory: 'shared',
      allowQueryToken: false,
      limits: LIMITS,
    })
  })

  it('takes every setting from its variable', () => {
    expect(
      readConfig({
        TERTULIA_PORT: '0',
        TERTULIA_HOST: '0.0.0.0',
        TERTULIA_DATA_DIR: '/var/lib/my chat',
        TERTULIA_DATABASE_URL: 'postgres://me:secret@db.example/chat',
        TERTULIA_SECRET: SECRET,
        TERTULIA_PREVIOUS_SECRET: `${SECRET} before`,
        TERTULIA_API_KEY: KEY,
        TERTULIA_ALLOWED_ORIGINS: 'https://app.example, http://localhost:3000',
        TERTULIA_TRUSTED_PROXIES: '10.0.0.0/8,::1',
        TERTULIA_BEHIND_TLS: '1',
        TERTULIA_DRAIN_MS: '60000',
        TERTULIA_LOG_LEVEL: 'warn',
        TERTULIA_METRICS_TOKEN: 'sixteen-visible-c',
        TERTULIA_AUTO_CREATE_USERS: '0',
        TERTULIA_DIRECTORY: 'all',
        TERTULIA_ALLOW_QUERY_TOKEN: 'true',
        TERTULIA_LIMIT_SENDS_PER_SECOND: '1000',
      }),
    ).toEqual({
      port: 0,
      host: '0.0.0.0',
      dataDir: '/var/lib/my chat',
      databaseUrl: 'postgres://me:secret@db.example/chat',
      secret: SECRET,
      previousSecret: `${SECRET} before`,
      apiKey: KEY,
      allowedOrigins: ['https://app.example', 'http://localhost:3000'],
      trustedProxies: ['10.0.0.0/8', '::1'],
      behindTls: true,
      logLevel: 'warn',
      metricsToken: 'sixteen-visible-c',
      autoCreateUsers: false,
      directory: 'all',
      allowQueryToken: true,
      limits: { ...LIMITS, drainMs: 60_000, sendsPerSecond: 1000 },
    })
  })

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ TERTULIA_PORT: '', TERTULIA_SECRET: '' })).toEqual(readConfig({}))
  })

  it('names every fault at once, with reason and way out, and never the value', () => {
    const faults = faultsOf({
      TERTULIA_PORT: '99999',
      TERTULIA_BEHIND_TLS: 'yes',
      TERTULIA_API_KEY: 'my.private.key',
      TERTULIA_ALLOWED_ORIGINS: 'https://app.example/path',
      TERTULIA_LIMIT_PAGE_ITEMS: '500',
      TERTULIA_LIMIT_COLOURS: '5',
      TERTULIA_LIMIT_SENDS_BURST: '-1',
    })
    expect(faults.map(({ variable }) => variable).sort()).toEqual([
      'TERTULIA_ALLOWED_ORIGINS',
      'TERTULIA_API_KEY',
      'TERTULIA_BEHIND_TLS',
      'TERTULIA_LIMIT_COLOURS',
      'TERTULIA_LIMIT_PAGE_ITEMS',
      'TERTULIA_LIMIT_SENDS_BURST',
      'TERTULIA_PORT',
    ])
    for (const { why, fix } of faults) {
      expect(why).toMatch(/\w{3}/)
      expect(fix).toMatch(/\w{3}/)
    }
    expect(JSON.stringify(faults)).not.toContain('my.private.key')
    expect(faults).toContainEqual({
      variable: 'TERTULIA_PORT',
      why: 'must be a whole number from 0 to 65535',
      fix: 'Write digits only.',
    })
  })

  it.each([
    ['TERTULIA_PORT', ['-1', '8484.5', '0x10', '65536', 'http', '1e3', ' 80']],
    ['TERTULIA_HOST', ['local host']],
    ['TERTULIA_DRAIN_MS', ['-1', 'forever', '3600001']],
    [
      'TERTULIA_ALLOWED_ORIGINS',
      ['app.example', 'https://app.example/', 'https://*.example', 'null', 'HTTPS://APP.EXAMPLE'],
    ],
    ['TERTULIA_TRUSTED_PROXIES', ['nginx', '10.0.0.0/99', 'all']],
    ['TERTULIA_LOG_LEVEL', ['verbose', 'INFO']],
    ['TERTULIA_METRICS_TOKEN', ['short', 'with spaces in the middle']],
    ['TERTULIA_DIRECTORY', ['none']],
    ['TERTULIA_API_KEY', ['a key', 'a.b', 'tsk_mistyped', `${KEY}x`]],
    ['TERTULIA_LIMIT_BODY_BYTES', ['0', '1.5', '1e6', '']],
  ])('refuses wrong values of %s', (variable, values) => {
    for (const value of values.filter((text) => text !== ''))
      expect(faultsOf({ [variable]: value }), value).toMatchObject([{ variable }])
  })

  it('notices slips of the pen', () => {
    expect(unknownSettings({ TERTULIA_SECERT: 'x', TERTULIA_PORT: '1', HOME: '/' })).toEqual([
      'TERTULIA_SECERT',
    ])
  })
})

describe('start', () => {
  const variablesOf = (environment: Environment) =>
    unsafeSettings(readConfig({ TERTULIA_SECRET: SECRET, ...environment })).map(
      ({ variable }) => variable,
    )

  it('runs on a real secret, on this machine or behind TLS', () => {
    expect(variablesOf({})).toEqual([])
    expect(variablesOf({ TERTULIA_HOST: '::1' })).toEqual([])
    expect(variablesOf({ TERTULIA_HOST: '0.0.0.0', TERTULIA_BEHIND_TLS: '1' })).toEqual([])
    expect(variablesOf({ TERTULIA_ALLOWED_ORIGINS: 'https://app.example' })).toEqual([])
  })

  it('refuses a weak secret also while it is on its way out', () => {
    expect(variablesOf({ TERTULIA_PREVIOUS_SECRET: 'short' })).toEqual(['TERTULIA_PREVIOUS_SECRET'])
    expect(variablesOf({ TERTULIA_PREVIOUS_SECRET: `${SECRET} before` })).toEqual([])
  })

  it.each([undefined, '', 'short', 'x'.repeat(31), 'é'.repeat(15)])(
    'refuses the secret %j',
    (secret) => {
      expect(variablesOf({ TERTULIA_SECRET: secret })).toEqual(['TERTULIA_SECRET'])
    },
  )

  it.each([
    'x'.repeat(64),
    'abababababababababababababababababab',
    'change-me-change-me-change-me-change-me',
    'secretsecretsecretsecretsecretsecret',
    'your-key-your-key-your-key-example-secret',
    '01234567890123456789012345678901',
  ])('refuses the filler %j', (secret) => {
    expect(variablesOf({ TERTULIA_SECRET: secret })).toEqual(['TERTULIA_SECRET'])
  })

  it('accepts secrets as people make them', () => {
    for (let n = 0; n < 200; n++) {
      for (const secret of [
        randomBytes(16).toString('hex'),
        randomBytes(24).toString('base64'),
        randomBytes(32).toString('hex'),
      ])
        expect(variablesOf({ TERTULIA_SECRET: secret }), secret).toEqual([])
    }
    expect(variablesOf({ TERTULIA_SECRET: 'correct horse battery staple, and then some' })).toEqual(
      [],
    )
    expect(variablesOf({ TERTULIA_SECRET: `${'é'.repeat(4)}ünïcôdé-sécrët-of-ours` })).toEqual([])
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'chat.example', '128.0.0.1', 'localhost.evil'])(
    'refuses plain HTTP on %s',
    (host) => {
      expect(variablesOf({ TERTULIA_HOST: host })).toEqual(['TERTULIA_HOST'])
    },
  )

  it('refuses a bootstrap key that can be guessed, and takes any other', () => {
    for (const key of [
      'letmein',
      'kZ8v1Qx0w7pT3nLr',
      'a'.repeat(40),
      'my-api-key-example-0123456789-0123456789',
    ])
      expect(variablesOf({ TERTULIA_API_KEY: key })).toEqual(['TERTULIA_API_KEY'])
    for (const key of [KEY, randomBytes(32).toString('hex'), randomBytes(24).toString('base64url')])
      expect(variablesOf({ TERTULIA_API_KEY: key })).toEqual([])
  })

  it('refuses all origins, and the whole internet as a proxy', () => {
    expect(
      variablesOf({ TERTULIA_ALLOWED_ORIGINS: '*', TERTULIA_TRUSTED_PROXIES: '0.0.0.0/0' }),
    ).toEqual(['TERTULIA_ALLOWED_ORIGINS', 'TERTULIA_TRUSTED_PROXIES'])
  })
})
