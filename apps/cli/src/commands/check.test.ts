import { beforeEach, describe, expect, it } from 'vitest'
import { Installation, talk } from './upkeep.suite.ts'

const installation = new Installation()
const { cli, openServer } = installation

describe('check', () => {
  beforeEach(async () => {
    const { server, call } = await openServer()
    await talk(call, ['one', 'two', 'three'])
    await server.stop()
  })

  it('finds nothing in a store that nobody harmed', async () => {
    const { run, printed } = cli()
    expect(await run('check')).toBe(0)
    expect(printed.join()).toContain('All is well')
  })

  it('finds what was changed past the server, without telling any content', async () => {
    installation.damage(`UPDATE messages SET text = 'forged' WHERE text = 'two'`)
    const { run, printed } = cli()
    expect(await run('check')).toBe(1)
    expect(printed.join('\n')).toMatch(/message \d+ at \d+ was changed.*Only a backup helps/)
    expect(printed.join('\n')).not.toMatch(/forged|two/)
  })

  it.each([
    ['member_count = 7', /says 7 members and has 2/],
    ['owner_count = 0', /says 0 owners and has 1/],
    ['last_message_seq = 1', /says 1 for its newest message/],
  ])('recounts a channel with %s, and sets it right when asked to', async (wrong, words) => {
    installation.damage(`UPDATE channels SET ${wrong}`)
    const first = cli()
    expect(await first.run('check')).toBe(1)
    expect(first.printed.join('\n')).toMatch(words)
    const second = cli()
    expect(await second.run('check --repair')).toBe(0)
    expect(second.printed.join('\n')).toContain('Repaired.')
    const third = cli()
    expect(await third.run('check')).toBe(0)
  })

  it('sets the side of the user right by the side of the channel', async () => {
    installation.damage(`UPDATE memberships SET state = 'left'`)
    expect(await cli().run('check')).toBe(1)
    expect(await cli().run('check --repair')).toBe(0)
    expect(await cli().run('check')).toBe(0)
  })

  it.each([
    `DELETE FROM streams WHERE owner = 'channel'`,
    `UPDATE streams SET seq = 2 WHERE owner = 'channel'`,
    `DELETE FROM outbox WHERE seq = 3`,
    `DELETE FROM users WHERE id = 'bob'`,
  ])('finds what is missing: %s', async (sql) => {
    installation.damage(sql)
    expect(await cli().run('check')).toBe(1)
    expect(await cli().run('check --repair')).toBe(1)
  })
})
