import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { binariesFolder } from './binaries.ts'

const run = promisify(execFile)

/** Writes what is committed in a database now into a file. */
export async function dump(url: string, file: string): Promise<void> {
  await run(join(binariesFolder(), 'pg_dump'), ['--format=custom', `--file=${file}`, url])
}

/** Puts a dump into an empty database. */
export async function restore(file: string, url: string): Promise<void> {
  await run(join(binariesFolder(), 'pg_restore'), ['--exit-on-error', `--dbname=${url}`, file])
}
