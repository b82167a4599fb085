import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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
    `DELETE FROM messages WHERE text = 'two'`,
  ])('finds what is missing: %s', async (sql) => {
    installation.damage(sql)
    expect(await cli().run('check')).toBe(1)
    expect(await cli().run('check --repair')).toBe(1)
  })

  it.each([
    [`UPDATE members SET role = 'king' WHERE role = 'member'`, /has a role that there is not/],
    [`UPDATE members SET state = 'odd' WHERE role = 'member'`, /is in a state that there is not/],
    [`UPDATE channels SET history = 'odd'`, /has a history policy that there is not/],
    [`UPDATE channels SET name = ''`, /has an empty name/],
    [`UPDATE channels SET custom = '{'`, /has custom fields that cannot be read/],
    [`UPDATE channels SET people = '{}'`, /has a list of people that cannot be read/],
    [`UPDATE users SET name = '' WHERE id = 'bob'`, /has an empty name/],
    [`UPDATE users SET custom = '[]' WHERE id = 'bob'`, /has custom fields that cannot be read/],
    [`UPDATE users SET private_custom = 'x' WHERE id = 'bob'`, /private custom fields/],
    [`UPDATE messages SET custom = '5' WHERE text = 'two'`, /has custom fields that cannot/],
    [`UPDATE messages SET mentions = '{}' WHERE text = 'two'`, /has mentions that cannot/],
    [`DELETE FROM messages WHERE text = 'two'`, /was announced and is not there/],
    [`UPDATE streams SET seq = 9223372036854775807 WHERE owner = 'channel'`, /no possible place/],
  ])('finds what no server writes: %s', async (sql, words) => {
    installation.damage(sql)
    const { run, printed } = cli()
    expect(await run('check')).toBe(1)
    expect(printed.join('\n')).toMatch(words)
  })

  it('finds an index that does not fit its table, and makes it anew when asked to', async () => {
    flipInIndex('users_by_name', 'bob')
    const { run, printed } = cli()
    expect(await run('check')).toBe(1)
    expect(printed.join('\n')).toMatch(/missing from index users_by_name/)
    await cli().run('check --repair')
    expect(await cli().run('check')).toBe(0)
  })

  it('repairs what it can beside a row that it cannot repair or read', async () => {
    installation.damage(`UPDATE channels SET member_count = 7`)
    installation.damage(`CREATE TRIGGER odd BEFORE UPDATE ON memberships BEGIN SELECT RAISE(ABORT, 'no'); END;
      UPDATE members SET visible_from = 9223372036854775807 WHERE role = 'member'`)
    installation.damage(`UPDATE audit SET at = 9223372036854775807`)
    const { run, printed } = cli()
    expect(await run('check --repair')).toBe(1)
    expect(printed.join('\n')).toMatch(/says 7 members and has 2. Repaired/)
    expect(printed.join('\n')).toMatch(/from 9007199254740991.*Repairing it failed/)
    expect(printed.join('\n')).toMatch(/audit entry 1 was changed/)
    expect(await cli().run('audit')).toBe(0)
  })
})

/** As a bit that a disk forgot: the row says one thing, and its index another. */
function flipInIndex(index: string, text: string): void {
  const file = join(installation.dataDir, 'tertulia.db')
  const db = new DatabaseSync(file)
  const { rootpage } = db
    .prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .get(index) as { rootpage: number }
  db.close()
  const bytes = readFileSync(file)
  const at = bytes.indexOf(text, (rootpage - 1) * PAGE_BYTES)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

const PAGE_BYTES = 4096
