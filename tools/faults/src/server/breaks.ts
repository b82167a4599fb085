import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Overrides } from '@tertulia/server'

/**
 * Ways to break a server on purpose, so that each fault run can be seen to fail. They reach in from outside: the
 * server itself knows nothing of them.
 */
export const breaks = ['ack-before-commit', 'no-flush', 'exit-at-once', 'no-limits'] as const
export type Break = (typeof breaks)[number]

export const isBreak = (name: string): name is Break => (breaks as readonly string[]).includes(name)

/** The overrides of a broken server. To be called before the server opens its store. */
export function sabotage(name: Break): Overrides {
  switch (name) {
    case 'ack-before-commit':
      return { wrapEngine: answerEarly }
    case 'no-flush':
      neverFlush()
      return {}
    case 'exit-at-once':
      process.on('SIGTERM', () => process.exit(0))
      return {}
    case 'no-limits':
      return {
        limits: {
          dropEphemeralBytes: 1e12,
          laggingBytes: 1e12,
          tooSlowBytes: 1e12,
          noProgressMs: 1e9,
        },
      }
  }
}

type Engine = Parameters<NonNullable<Overrides['wrapEngine']>>[0]

/** How long a transaction stays open after it was answered. */
const OPEN_MS = 20

const answerEarly = (engine: Engine): Engine => ({
  ...engine,
  write: (job) =>
    new Promise((resolve, reject) => {
      const held = engine.write(async (changes) => {
        const result = await job(changes)
        resolve(result)
        await sleep(OPEN_MS)
        return result
      })
      held.catch(reject)
    }),
})

/** Leaves flushing to the operating system: a kill loses nothing, a power cut does. */
function neverFlush(): void {
  const run = DatabaseSync.prototype.exec
  DatabaseSync.prototype.exec = function (sql: string): void {
    run.call(this, sql.replace(/synchronous = \w+/, 'synchronous = OFF'))
  }
}
