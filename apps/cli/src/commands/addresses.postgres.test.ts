import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@tertulia/postgres'
import { createServer, openKeys } from '@tertulia/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SAFE = {
  TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa',
  TERTULIA_ALLOWED_ORIGINS: 'https://app.example',
  TERTULIA_LOG_LEVEL: 'silent',
}

let dataDir = ''
let database: TestDatabase
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tertulia-addresses-'))
  const made = await testDatabase()
  if (!made) throw new Error('These tests need the project postgres.')
  database = made
})
afterEach(async () => {
  rmSync(dataDir, { recursive: true, force: true })
  await database.drop()
})

describe('a database that cannot be used is told of in a sentence', () => {
  const ADDRESSES: [string, (url: URL) => void, RegExp][] = [
    [
      'that does not exist',
      (url) => (url.pathname = '/nobody'),
      /"nobody" does not exist.*CREATE DATABASE/,
    ],
    [
      'for a role that does not exist',
      (url) => (url.username = 'nobody'),
      /"nobody".*the user and the password/,
    ],
    ['where nothing listens', (url) => (url.port = '1'), /ECONNREFUSED.*Look whether it runs/],
    [
      'without TLS',
      (url) => (url.search = '?sslmode=require'),
      /does not support SSL.*Look whether/,
    ],
  ]
  it.each(ADDRESSES)('%s', async (_, change, words) => {
    const url = new URL(database.url)
    change(url)
    const environment = { TERTULIA_DATABASE_URL: url.href, ...SAFE }
    for (const line of ['check', 'start', 'keys list', 'migrate']) {
      const cli = fakeWorld(environment, { openKeys, createServer })
      expect(await cli.run(line), line).toBe(1)
      expect(cli.warned, line).toEqual([expect.stringMatching(words)])
      expect(cli.warned.join(), line).not.toMatch(/^ +at /m)
    }
    await fakeWorld({ TERTULIA_DATA_DIR: dataDir }).run('migrate')
    const cli = fakeWorld({ TERTULIA_DATA_DIR: dataDir })
    expect(await cli.run(`migrate --to ${url.href}`)).toBe(1)
    expect(cli.warned).toEqual([expect.stringMatching(words)])
  })
})

it.each(['http://db.example/chat', 'postgres', ''])('%j is no database', async (to) => {
  const cli = fakeWorld({ TERTULIA_DATA_DIR: dataDir })
  expect(await cli.run(`migrate --to=${to}`)).toBe(2)
})
