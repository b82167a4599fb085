import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkStoreFile } from './storeFile.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tertulia-file-'))
  file = join(folder, 'tertulia.db')
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE t (x)')
  db.prepare('INSERT INTO t VALUES (zeroblob(?))').run(50_000)
  db.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const check = () => checkStoreFile({ file, wasUsed: true })
const cut = () => writeFileSync(file, readFileSync(file).subarray(0, 20_000))

test('a whole file is fine', () => {
  expect(check).not.toThrow()
})

test('a file that a checkpoint was still filling is fine: the rest is in the log', () => {
  cut()
  writeFileSync(`${file}-wal`, 'pages')
  expect(check).not.toThrow()
})

test('a file that is shorter than it says is not, when there is no log', () => {
  cut()
  expect(check).toThrow(/its end is missing/)
})
