import { createServer } from 'node:net'

const TRIES = 10

/** The first free port from `wanted` on, or 0 for whatever the system gives. Two that ask at once may get the same. */
export async function freePortFrom(wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + TRIES; port++) if (await isFree(port, host)) return port
  return 0
}

function isFree(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(port, host, () => probe.close(() => resolve(true)))
  return promise
}
