import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Cluster } from '@tertulia/postgres'
import { it } from 'vitest'

const COMMAND = resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const NODE = ['--conditions=tertulia-source', '--disable-warning=ExperimentalWarning']
const ROUNDS = 6

interface Ended {
  readonly killed: boolean
  readonly code: number
  readonly output: string
}

/** Runs `tertulia`; kills it after `killAfterMs` where that is not null. */
function tertulia(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  killAfterMs: number | null = null,
): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [...NODE, COMMAND, ...words],
      { env: { PATH: process.env['PATH'] ?? '', ...env } },
      (error, stdout, stderr) => {
        clearTimeout(timer)
        const code = typeof error?.code === 'number' ? error.code : 0
        done({ killed: error?.signal === 'SIGKILL', code, output: `${stdout}${stderr}` })
      },
    )
    const timer =
      killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
}

// Every process of its own mostly waits for another.
it.concurrent.for(['sqlite', 'postgres'] as const)(
  'F40: two migrate %s at once and are killed at any moment; one more run finishes it',
  { timeout: 120_000 },
  async (store, { expect }) => {
    await using cluster = store === 'postgres' ? await Cluster.start() : null
    const folder = mkdtempSync(join(tmpdir(), 'tertulia-f40-'))
    const placeOf = (round: number): Record<string, string> =>
      cluster
        ? { TERTULIA_DATABASE_URL: cluster.url(`round_${round}`) }
        : { TERTULIA_DATA_DIR: join(folder, `round-${round}`) }
    const open = async (round: number) => {
      if (cluster) await cluster.createDatabase(`round_${round}`)
    }

    await open(0)
    const startedAt = performance.now()
    const [one, other] = await Promise.all([
      tertulia(['migrate'], placeOf(0)),
      tertulia(['migrate'], placeOf(0)),
    ])
    const undisturbedMs = performance.now() - startedAt
    expect([one.code, other.code]).toEqual([0, 0])
    expect([one, other].filter(({ output }) => output.includes('done.'))).toHaveLength(1)

    let kills = 0
    for (let round = 1; round <= ROUNDS; round++) {
      await open(round)
      const place = placeOf(round)
      // From the start of the process until its work is nearly done: somewhere in there the tables are made.
      const at = undisturbedMs * (0.3 + (0.7 * round) / ROUNDS)
      const both = await Promise.all([
        tertulia(['migrate'], place, at),
        tertulia(['migrate'], place, at + 5),
      ])
      kills += both.filter(({ killed }) => killed).length
      const again = await tertulia(['migrate'], place)
      expect(again).toMatchObject({ code: 0 })
      expect(await tertulia(['check'], place)).toMatchObject({ code: 0 })
    }
    expect(kills).toBeGreaterThan(0)
    rmSync(folder, { recursive: true, force: true })
  },
)
