import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeFolder, openDataFolder } from './dataFolder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tertulia-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const fieldsOf = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

test('folders are made for us alone, with those above them', () => {
  makeFolder(join(folder, 'a/b/c'))
  expect(statSync(join(folder, 'a/b/c')).mode & 0o077).toBe(0)
  makeFolder(join(folder, 'a/b/c'))
})

test('a file is no folder', () => {
  writeFileSync(join(folder, 'file'), '')
  for (const name of ['file', 'file/below'])
    expect(() => openDataFolder(join(folder, name))).toThrow(/file cannot be made: it is a file/)
})

test.runIf(existsSync('/proc/self/stat'))(
  'where nothing can be made, nobody tries for ever',
  () => {
    expect(() => openDataFolder('/proc/tertulia/data')).toThrow(/\/proc\/tertulia cannot be made/)
  },
)

test.runIf(existsSync('/proc/self/stat'))(
  'the lock of a process that was killed is taken over, also before its parent took notice',
  async () => {
    // A parent that never looks after its child.
    const parent = spawn('/bin/sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'])
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(String(line).trim())
    writeFileSync(join(folder, 'server.lock'), `${pid} ${fieldsOf(pid)[19]}\n`)
    expect(() => openDataFolder(folder)).toThrow(`in use by process ${pid}`)
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(fieldsOf(pid)[0]).toBe('Z'))
    openDataFolder(folder).release()
    parent.kill('SIGKILL')
    await once(parent, 'close')
  },
)
