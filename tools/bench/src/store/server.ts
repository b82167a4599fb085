import type { Limits } from '@tertulia/protocol'
import { createServer, newApiKey, readConfig, type Server } from '@tertulia/server'
import { SECRET } from './tokens.ts'
import { unlimited } from './unlimited.ts'

/** Unguessable only in form: it opens throw-away stores on this machine. */
export const API_KEY = newApiKey({ bytes: (count) => new Uint8Array(count).fill(7) })

/** The server as it is shipped, with rates and admission out of the way. It has not listened yet. */
export function openServer(
  dataDir: string,
  limits: Partial<Limits>,
  databaseUrl?: string,
): Promise<Server> {
  const config = readConfig({
    TERTULIA_PORT: '0',
    TERTULIA_DATA_DIR: dataDir,
    TERTULIA_DATABASE_URL: databaseUrl,
    TERTULIA_SECRET: SECRET,
    TERTULIA_API_KEY: API_KEY,
    TERTULIA_LOG_LEVEL: 'warn',
  })
  if (config.secret === null) throw new Error('The secret of the bench was not read.')
  return createServer(
    { ...config, secret: config.secret },
    { limits: { ...unlimited, drainMs: 0, ...limits } },
  )
}
