import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Installation, talk } from './upkeep.suite.ts'

const installation = new Installation()
const { cli, openServer } = installation

describe('audit', () => {
  /** A role, a key, a deletion, a backup: what an operator would be asked about later. */
  async function eventfulDay() {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one', 'two'])
    const { messages } = (await call('message.history', { channelId })) as {
      messages: { id: string }[]
    }
    await call('member.update', { channelId, userId: 'bob', role: 'moderator' })
    await call('message.delete', { channelId, messageId: messages[0]?.id })
    await call('user.deactivate', { userId: 'bob' })
    await call('channel.delete', { channelId })
    await server.stop()
    await cli().run(`backup ${join(installation.folder, 'monday.db')}`)
  }

  it('tells what was done, by whom and to what, and no content', async () => {
    await eventfulDay()
    const { run, printed } = cli()
    expect(await run('audit')).toBe(0)
    const actions = printed.map((line) => line.split('  ')[3])
    expect(actions).toEqual([
      'configuration.changed',
      'member.role',
      'message.deleted',
      'user.deactivated',
      'channel.deleted',
      'store.backedUp',
    ])
    expect(printed[1]).toContain('"from":"member","to":"moderator"')
    expect(printed.join()).not.toMatch(/\bone\b|\btwo\b/)
    const short = cli()
    await short.run('audit --last 2')
    expect(short.printed).toEqual(printed.slice(-2))
  })

  it('notes a start only when the settings are others', async () => {
    for (let start = 0; start < 3; start++) await (await openServer()).server.stop()
    const { run, printed } = cli()
    await run('audit')
    expect(printed).toHaveLength(1)
  })

  it('notes that the secret was replaced, and no secret', async () => {
    const old = 'a9Qx0w7pT3nLr9sYb5uGd2hJf6mCaZ8v'
    await (await openServer()).server.stop()
    await (await openServer({ secret: old })).server.stop()
    await (await openServer({ previousSecret: old })).server.stop()
    const { run, printed } = cli()
    await run('audit')
    const [, replaced = '', back = ''] = printed
    expect(replaced).toMatch(/configuration\.changed {2}server {2}\{"secret":"[0-9a-f]{16}"\}$/)
    expect(back).toMatch(/"secret":"[0-9a-f]{16}","previousSecret":"[0-9a-f]{16}"/)
    expect(printed.join()).not.toContain(old.slice(0, 8))
  })

  it.each([
    [`UPDATE audit SET actor = 'nobody' WHERE seq = 2`, /entry 2 was changed/],
    ['DELETE FROM audit WHERE seq = 3', /entry 4 comes after 2: entries are missing/],
    ['DELETE FROM audit WHERE seq = 6', /does not reach its head at 6/],
    ['UPDATE audit SET seq = 9 WHERE seq = 6', /entry 9 comes after 5/],
  ])('shows when somebody laid hands on it: %s', async (sql, words) => {
    await eventfulDay()
    expect(await cli().run('check')).toBe(0)
    installation.damage(sql)
    const { run, printed } = cli()
    expect(await run('check')).toBe(1)
    expect(printed.join('\n')).toMatch(words)
  })
})
