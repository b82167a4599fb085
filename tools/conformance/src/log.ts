import { expect } from 'vitest'

/** Holds the log of a server against everything that must not stand in one (AUTH-13). */
export function expectSilentLog(log: string | null, secrets: Iterable<string>): void {
  if (log === null) return
  const told = [...secrets].filter((secret) => log.includes(secret))
  expect(
    told.map((secret) => `${secret.slice(0, 24)}…`),
    'The log of the server holds secrets',
  ).toEqual([])
}
