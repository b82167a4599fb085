import { describe, expect, it } from 'vitest'
import { fakeWorld } from './fakes.suite.ts'

describe('the command line', () => {
  it('explains itself when nothing is said', async () => {
    const cli = fakeWorld()
    expect(await cli.run('')).toBe(0)
    expect(cli.printed.join()).toMatch(/dev[\s\S]*start[\s\S]*token[\s\S]*keys[\s\S]*EXIT CODES/)
  })

  it.each(['dev', 'start', 'token', 'keys create', 'keys list', 'keys revoke'])(
    'shows how to use `%s`',
    async (words) => {
      const cli = fakeWorld()
      expect(await cli.run(`${words} --help`)).toBe(0)
      expect(cli.printed.join()).toContain(`tertulia ${words}`)
      expect(cli.printed.join()).toMatch(/EXAMPLE {2}.*tertulia/)
      expect(cli.started).toEqual([])
    },
  )

  it.each(['--version', '-v'])('tells its version for %s', async (word) => {
    const cli = fakeWorld()
    expect(await cli.run(word)).toBe(0)
    expect(cli.printed).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)])
  })

  it.each([
    'stat',
    'keys',
    'keys destroy',
    '__proto__',
    'start --port=1',
    'start now',
    'token',
    'token alice bob',
    'token alice --for-ever',
    'token alice --expires-in',
    'token alice --expires-in=',
    'token alice --expires-in soon',
    'keys create',
    'keys revoke',
  ])('refuses `%s` with 2 and does nothing', async (words) => {
    const cli = fakeWorld({ TERTULIA_SECRET: 'a secret that nobody can guess, 2026' })
    expect(await cli.run(words)).toBe(2)
    expect(cli.warned).toHaveLength(1)
    expect(cli.printed).toEqual([])
    expect(cli.started).toEqual([])
    expect(cli.keys).toEqual([])
  })
})

describe('keys', () => {
  it('are printed once, alone on standard output', async () => {
    const cli = fakeWorld({ TERTULIA_DATA_DIR: '/data' })
    expect(await cli.run('keys create backend')).toBe(0)
    expect(cli.printed).toEqual([expect.stringMatching(/^tsk_\w{49}$/)])
    expect(cli.opened).toEqual(['/data'])
    expect(cli.started).toEqual([])
    expect(cli.stops()).toBe(1)
    expect(await cli.run('keys create reports --read-only')).toBe(0)
    expect(cli.keys.map(({ access }) => access)).toEqual(['full', 'read'])
  })

  it.each(['back\u001b[2Jend', 'back\u0007', 'dne\u202ekcab', '\u200b', 'x'.repeat(129)])(
    'are not called %j',
    async (name) => {
      const cli = fakeWorld()
      expect(await cli.run(`keys create ${name}`)).toBe(2)
      expect(cli.keys).toEqual([])
    },
  )

  it('that were called so before are listed without harm to the terminal', async () => {
    const cli = fakeWorld()
    await cli.run('keys create backend')
    cli.keys.push(...cli.keys.splice(0).map((key) => ({ ...key, name: 'back\u001b[2J\u202eend' })))
    await cli.run('keys list')
    await cli.run('keys revoke 1')
    expect(cli.printed.join('\n')).toContain('back\\u{1b}[2J\\u{202e}end')
    expect(cli.printed.join('\n')).not.toMatch(/\p{Cf}/u)
    expect(cli.printed.join('\n')).not.toContain('\u001b')
  })

  it('may end by themselves after some days', async () => {
    const cli = fakeWorld()
    expect(await cli.run('keys create week --days 7')).toBe(0)
    expect(cli.keys.at(-1)).toMatchObject({
      name: 'week',
      expiresAt: 1_800_000_000_000 + 7 * 86_400_000,
    })
    for (const days of ['0', '1.5', '-1', 'soon', '99999'])
      expect(await cli.run(`keys create never --days=${days}`)).toBe(2)
  })

  it('are listed and revoked', async () => {
    const cli = fakeWorld()
    await cli.run('keys list')
    expect(cli.printed.pop()).toContain('no keys yet')
    await cli.run('keys create backend')
    await cli.run('keys list')
    expect(cli.printed.pop()).toBe(
      [
        'id  name     access  created     last used  state',
        '1   backend  full    2027-01-15  never      valid',
      ].join('\n'),
    )
    expect(await cli.run('keys revoke 1')).toBe(0)
    expect(cli.printed.pop()).toBe('Revoked key 1 (backend).')
    expect(await cli.run('keys revoke 2')).toBe(1)
    expect(await cli.run('keys revoke backend')).toBe(1)
  })
})
