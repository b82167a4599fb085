import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientId, Installation, talk, textsOf } from './upkeep.suite.ts'

const installation = new Installation()
const { cli, openServer } = installation

describe('backup and restore', () => {
  it('bring back the moment of the backup, in a new epoch', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one', 'two'])
    const file = join(installation.folder, 'monday.db')
    expect(await cli().run(`backup ${file}`)).toBe(0)
    await talk(call, ['three'])
    await server.stop()

    const restoring = cli()
    expect(await restoring.run(`restore ${file}`)).toBe(0)
    expect(restoring.printed.join()).toContain('is kept as')

    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toEqual(['one', 'two'])
    expect(await ask('message.history', { channelId })).toMatchObject({
      epoch: expect.toSatisfy((epoch: number) => epoch > 1_700_000_000),
    })
    await again.stop()
    expect(await cli().run('check')).toBe(0)
    expect(
      readdirSync(installation.dataDir).some((name) => name.startsWith('tertulia.db.before-')),
    ).toBe(true)
  })

  it('of a store in use holds every channel up to some moment, without a hole', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(
      call,
      Array.from({ length: 200 }, (_, n) => `${n}`),
    )
    let isOver = false
    const talking = (async () => {
      for (let n = 200; !isOver; n++)
        await call('message.send', { channelId, clientId: clientId(n % 1000), text: `${n}` })
    })()
    const file = join(installation.folder, 'busy.db')
    expect(await cli().run(`backup ${file}`)).toBe(0)
    isOver = true
    await talking
    await server.stop()
    await cli().run(`restore ${file}`)
    const { server: again, call: ask } = await openServer()
    const { seq } = (await ask('channel.get', { channelId })) as { seq: number }
    const seqs: number[] = []
    for (let before: number | undefined; ; before = seqs[0]) {
      const page = (await ask('message.history', { channelId, before, limit: 100 })) as {
        messages: { seq: number }[]
      }
      if (page.messages.length === 0) break
      seqs.unshift(...page.messages.map((message) => message.seq))
    }
    expect(seqs.length).toBeGreaterThanOrEqual(200)
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => seq - seqs.length + 1 + n))
    await again.stop()
    expect(await cli().run('check')).toBe(0)
  })

  it('makes the folder of the backup, for us alone, and takes no folder for a file', async () => {
    const { server, call } = await openServer()
    await talk(call, ['one'])
    await server.stop()
    const backups = join(installation.folder, 'backups')
    const refused = cli()
    expect(await refused.run(`backup ${backups}/`)).toBe(1)
    expect(refused.warned.join()).toMatch(/is the name of a folder.*backups\/monday\.db/)
    expect(existsSync(backups)).toBe(false)
    expect(await cli().run(`backup ${backups}/week/monday.db`)).toBe(0)
    expect(statSync(backups).mode & 0o077).toBe(0)
    expect(existsSync(join(backups, 'week/monday.db'))).toBe(true)
  })

  it('replaces no file and leaves none behind that is not whole', async () => {
    const { server, call } = await openServer()
    await talk(call, ['one'])
    await server.stop()
    const file = join(installation.folder, 'monday.db')
    expect(await cli().run(`backup ${file}`)).toBe(0)
    expect(await cli().run(`backup ${file}`)).toBe(1)
    installation.damage(`UPDATE messages SET text = 'forged'`)
    const other = join(installation.folder, 'tuesday.db')
    const failed = cli()
    expect(await failed.run(`backup ${other}`)).toBe(1)
    expect(failed.warned.join()).toMatch(/1 rows that cannot be right/)
    expect(readdirSync(installation.folder).sort()).toEqual(['data', 'monday.db'])
  })

  it('brings back what only the log of a killed server holds, also of the store that was put aside', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one', 'two'])
    // What kill -9 leaves behind: the newest messages are in the log beside the file.
    const crashed = join(installation.folder, 'crashed.db')
    for (const suffix of ['', '-wal'])
      copyFileSync(join(installation.dataDir, `tertulia.db${suffix}`), crashed + suffix)
    await server.stop()
    expect(await cli().run(`restore ${crashed}`)).toBe(0)
    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toEqual(['one', 'two'])
    await talk(ask, ['three'])
    for (const suffix of ['', '-wal'])
      copyFileSync(
        join(installation.dataDir, `tertulia.db${suffix}`),
        join(installation.folder, `later.db${suffix}`),
      )
    await again.stop()

    for (const suffix of ['', '-wal'])
      copyFileSync(
        join(installation.folder, `later.db${suffix}`),
        join(installation.dataDir, `tertulia.db${suffix}`),
      )
    const restoring = cli()
    expect(await restoring.run(`restore ${crashed}`)).toBe(0)
    const kept = restoring.printed.join().match(/is kept as (\S+)\.$/)?.[1] ?? ''
    expect(await cli().run(`restore ${kept}`)).toBe(0)
    const { server: third, call: last } = await openServer()
    expect(await textsOf(last, channelId)).toEqual(['one', 'two', 'three'])
    await third.stop()
  })

  it('make a store that was moved away the store again', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one'])
    await server.stop()
    installation.damage(`INSERT INTO meta (k, v) VALUES ('moved_to', 'db.example/chat')`)
    await expect(openServer()).rejects.toThrow(/was moved to db.example/)
    expect(await cli().run(`restore ${join(installation.dataDir, 'tertulia.db')}`)).toBe(0)
    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toEqual(['one'])
    await again.stop()
  })

  it('are readable for nobody else', async () => {
    const { server, call } = await openServer()
    await talk(call, ['one'])
    await server.stop()
    const file = join(installation.folder, 'monday.db')
    await cli().run(`backup ${file}`)
    await cli().run(`restore ${file}`)
    const stores = readdirSync(installation.dataDir).filter((name) =>
      name.startsWith('tertulia.db'),
    )
    for (const path of [file, ...stores.map((name) => join(installation.dataDir, name))])
      expect(statSync(path).mode & 0o077, path).toBe(0)
  })

  it('do not restore over a running server', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one'])
    const file = join(installation.folder, 'monday.db')
    await cli().run(`backup ${file}`)
    const { run, warned } = cli()
    expect(await run(`restore ${file}`)).toBe(1)
    expect(warned.join()).toContain('is in use')
    expect(await textsOf(call, channelId)).toEqual(['one'])
    await server.stop()
  })

  it.each([
    ['cut off', (file: string) => truncate(file)],
    ['flipped', (file: string) => flip(file)],
    ['something else', (file: string) => copyFileSync(import.meta.filename, file)],
  ])('refuses a backup that is %s, and touches nothing', async (_, harm) => {
    const { server, call } = await openServer()
    const channelId = await talk(
      call,
      Array.from({ length: 50 }, (_, n) => `text ${n}`),
    )
    await server.stop()
    const file = join(installation.folder, 'monday.db')
    await cli().run(`backup ${file}`)
    harm(file)
    expect(await cli().run(`restore ${file}`)).toBe(1)
    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toHaveLength(50)
    await again.stop()
    expect(existsSync(join(installation.dataDir, 'tertulia.db.restoring'))).toBe(false)
  })
})

function truncate(file: string): void {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length / 2))
}

/** One bit in the middle of a message: SQLite itself does not notice. */
function flip(file: string): void {
  const bytes = readFileSync(file)
  const at = bytes.indexOf('text 33')
  bytes[at + 5] = (bytes[at + 5] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
