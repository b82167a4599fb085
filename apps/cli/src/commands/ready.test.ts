import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createServer, type Log, readConfig } from '@tertulia/server'
import { expect, it } from 'vitest'
import { Installation } from './upkeep.suite.ts'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const installation = new Installation()

/** A server with its doors open, and what it logs as an error. */
async function listening() {
  const errors: object[] = []
  const nothing = () => undefined
  const error: Log['error'] = (fields) => void errors.push(fields)
  const config = readConfig({ TERTULIA_DATA_DIR: installation.dataDir, TERTULIA_PORT: '0' })
  const log = { debug: nothing, info: nothing, warn: nothing, error }
  const server = await createServer({ ...config, secret: SECRET }, { log })
  const { url } = await server.listen()
  const ask = async () => {
    const answer = await fetch(`${url}/readyz`)
    return { status: answer.status, text: await answer.text() }
  }
  return { server, ask, errors }
}

it.each([
  [
    'whose store was taken over by another process',
    () => installation.damage('UPDATE node_leases SET fence = fence + 1'),
    /another process took over/,
  ],
  [
    'whose store was removed from under it',
    () => rmSync(join(installation.dataDir, 'tertulia.db')),
    /removed or replaced/,
  ],
])('a server %s is not ready, and says so once', async (_, harm, words) => {
  const { server, ask, errors } = await listening()
  expect(await ask()).toMatchObject({ status: 200 })
  harm()
  for (let time = 0; time < 3; time++)
    expect(await ask()).toMatchObject({ status: 503, text: expect.stringMatching(words) })
  expect(errors).toEqual([{ reasons: [expect.stringMatching(words)] }])
  await server.stop()
})
