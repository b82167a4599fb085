import { describe, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SAFE = {
  TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa',
  TERTULIA_ALLOWED_ORIGINS: 'https://app.example',
}

async function startedWorld() {
  const cli = fakeWorld(SAFE)
  const code = cli.run('start')
  await cli.listening
  return { ...cli, code }
}

describe('start', () => {
  it('refuses unsafe settings with 3, all of them with the way out, and opens nothing', async () => {
    const cli = fakeWorld({
      TERTULIA_SECRET: 'short',
      TERTULIA_HOST: '0.0.0.0',
      TERTULIA_ALLOWED_ORIGINS: '*',
    })
    expect(await cli.run('start')).toBe(3)
    const text = cli.warned.join('\n')
    expect(text).toMatch(/TERTULIA_SECRET[\s\S]*openssl/)
    expect(text).toMatch(/TERTULIA_HOST[\s\S]*TERTULIA_BEHIND_TLS=1/)
    expect(text).toMatch(/TERTULIA_ALLOWED_ORIGINS/)
    expect(cli.started).toEqual([])
  })

  it('refuses wrong settings with 2, and wonders about unknown ones', async () => {
    const cli = fakeWorld({ ...SAFE, TERTULIA_PORT: 'http', TERTULIA_SECERT: 'x' })
    expect(await cli.run('start')).toBe(2)
    expect(cli.warned.join('\n')).toMatch(
      /TERTULIA_SECERT is no setting[\s\S]*TERTULIA_PORT must be/,
    )
  })

  it('says so when no page may use it', async () => {
    const cli = fakeWorld({ ...SAFE, TERTULIA_ALLOWED_ORIGINS: '' })
    const code = cli.run('start')
    await cli.listening
    expect(cli.warned.join()).toContain('TERTULIA_ALLOWED_ORIGINS=')
    cli.signal('SIGTERM')
    expect(await code).toBe(0)
  })

  it('has nothing of development', async () => {
    const cli = await startedWorld()
    expect(cli.started[0]?.overrides).toMatchObject({ extensions: [], loopbackOrigins: false })
    cli.signal('SIGTERM')
    await cli.code
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('drains on %s and ends with 0', async (name) => {
    const cli = await startedWorld()
    cli.signal(name)
    expect(await cli.code).toBe(0)
    expect(cli.stops()).toBe(1)
  })

  it('ends with 1 when the budget was too short, or when stopping failed', async () => {
    for (const answer of [
      async () => ({ unfinished: 2 }),
      async () => Promise.reject(new Error('disk')),
    ]) {
      const cli = await startedWorld()
      cli.stopWith(answer)
      cli.signal('SIGTERM')
      expect(await cli.code).toBe(1)
    }
  })

  it('ends with 1 at a second signal, without waiting', async () => {
    const cli = await startedWorld()
    cli.stopWith(() => new Promise(() => {}))
    cli.signal('SIGTERM')
    cli.signal('SIGTERM')
    expect(await cli.code).toBe(1)
    expect(cli.stops()).toBe(1)
  })

  it('takes the two copies of one Ctrl-C for one', async () => {
    const cli = await startedWorld()
    const { promise, resolve } = Promise.withResolvers<{ unfinished: number }>()
    cli.stopWith(() => promise)
    cli.signal('SIGINT')
    cli.pass(5)
    cli.signal('SIGINT')
    resolve({ unfinished: 0 })
    expect(await cli.code).toBe(0)
  })

  it('ends with 1 at a second Ctrl-C', async () => {
    const cli = await startedWorld()
    cli.stopWith(() => new Promise(() => {}))
    cli.signal('SIGINT')
    cli.pass(1000)
    cli.signal('SIGINT')
    expect(await cli.code).toBe(1)
  })

  it('ends with 1 when the server cannot go on', async () => {
    const cli = await startedWorld()
    cli.started[0]?.overrides.broken(new Error('The disk is on fire.'))
    expect(await cli.code).toBe(1)
    expect(cli.warned.join()).toContain('cannot go on: The disk is on fire.')
  })

  it('says in a sentence that the port or the data folder is taken', async () => {
    const taken = Object.assign(
      new Error('listen EADDRINUSE: address already in use 127.0.0.1:8484'),
      { code: 'EADDRINUSE' },
    )
    const locked = Object.assign(new Error('The data folder is in use.'), {
      name: 'DataFolderError',
    })
    for (const [error, text] of [
      [taken, /TERTULIA_PORT/],
      [locked, /^The data folder is in use\.$/],
    ] as const) {
      const cli = fakeWorld(SAFE, { createServer: () => Promise.reject(error) })
      expect(await cli.run('start')).toBe(1)
      expect(cli.warned).toEqual([expect.stringMatching(text)])
    }
  })
})
