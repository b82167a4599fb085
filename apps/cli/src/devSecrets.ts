import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, newApiKey } from '@tertulia/server'
import { CommandError, EXIT } from './exits.ts'

/** What `tertulia dev` signs with: made once, kept beside its data, good for nothing else. */
export interface DevSecrets {
  readonly secret: string
  readonly apiKey: string
}

const fileIn = (dataDir: string): string => join(dataDir, 'dev.json')

/** The secrets of a data folder, or null where `tertulia dev` never ran. */
export function readDevSecrets(dataDir: string): DevSecrets | null {
  const file = fileIn(dataDir)
  if (!existsSync(file)) return null
  const secrets = parse(readFileSync(file, 'utf8'))
  if (!secrets)
    throw new CommandError(
      EXIT.failed,
      `${file} cannot be read. The server would not know its own tokens. Delete the file: the next start makes a new one.`,
    )
  return secrets
}

/** The same, made where there are none. Only the owner may read the file. */
export function keepDevSecrets(dataDir: string): DevSecrets {
  const known = readDevSecrets(dataDir)
  if (known) return known
  makeFolder(dataDir)
  const bytes = (count: number) => randomBytes(count)
  const secrets = { secret: randomBytes(48).toString('base64url'), apiKey: newApiKey({ bytes }) }
  return place(dataDir, secrets)
}

/** Appears whole or not at all: of two that start at once, the second takes what the first one made. */
function place(dataDir: string, secrets: DevSecrets): DevSecrets {
  const draft = join(dataDir, `dev.${process.pid}.json`)
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, fileIn(dataDir))
  } catch (error) {
    if (!existsSync(fileIn(dataDir))) throw error
  } finally {
    rmSync(draft)
  }
  return readDevSecrets(dataDir) ?? secrets
}

function parse(text: string): DevSecrets | null {
  try {
    const { secret, apiKey } = JSON.parse(text) as Record<string, unknown>
    return typeof secret === 'string' && typeof apiKey === 'string' ? { secret, apiKey } : null
  } catch {
    return null
  }
}
