import { LIMITS } from '@tertulia/protocol'
import type { Config, ConfigFault } from './config.ts'
import { secretBytes } from './identity/secrets.ts'
import { isLoopback } from './transports/clientAddress.ts'

/**
 * What `start` refuses to run with, each with the line that mends it. Everything that stands here has opened real
 * installations to strangers; none of it can be waved through by another setting.
 */
export function unsafeSettings(config: Config): readonly ConfigFault[] {
  const checks = [
    secretFault,
    previousSecretFault,
    keyFault,
    originFault,
    plainHttpFault,
    proxyFault,
  ]
  return checks.map((check) => check(config)).filter((fault) => fault !== null)
}

/** Characters: 128 bits where they are hexadecimal. */
const SHORTEST_KEY = 32

const MAKE_SECRET = 'Set it to the output of: openssl rand -base64 48'

function secretFault({ secret }: Config): ConfigFault | null {
  const variable = 'TERTULIA_SECRET'
  return secret === null
    ? { variable, why: 'is missing: nobody could sign in', fix: MAKE_SECRET }
    : weakness(variable, secret, MAKE_SECRET)
}

/** A weak secret stays weak while it is on its way out. */
const previousSecretFault = ({ previousSecret }: Config): ConfigFault | null =>
  previousSecret === null
    ? null
    : weakness(
        'TERTULIA_PREVIOUS_SECRET',
        previousSecret,
        'Remove it: a weak secret must go at once',
      )

function weakness(variable: string, secret: string, fix: string): ConfigFault | null {
  if (secretBytes(secret).byteLength < LIMITS.secretBytes)
    return {
      variable,
      why: `is shorter than ${LIMITS.secretBytes} bytes and can be guessed`,
      fix,
    }
  return isFiller(secret)
    ? { variable, why: 'is a filler that anybody would try first', fix }
    : null
}

/** What stands in examples and templates, and what a tired finger types. */
const FILLER =
  /secret|change.?me|example|password|default|tertulia|your.?key|0123456789|123456789|abcdefgh|qwerty/gi

/** Stands in SPEC.md, so everybody has it. */
const PUBLISHED = new Set(['an example secret, at least 32 bytes long'])

/** Real key material holds many different characters and no such words; what is left of a filler is short. */
function isFiller(secret: string): boolean {
  if (PUBLISHED.has(secret)) return true
  const rest = secret.replace(FILLER, '')
  return new Set(secret).size < 8 || rest.length < LIMITS.secretBytes / 2
}

function keyFault({ apiKey }: Config): ConfigFault | null {
  if (apiKey === null || (apiKey.length >= SHORTEST_KEY && !isFiller(apiKey))) return null
  return {
    variable: 'TERTULIA_API_KEY',
    why: 'can be guessed, and whoever has it may do everything',
    fix: 'Set it to the output of: openssl rand -hex 32',
  }
}

const originFault = ({ allowedOrigins }: Config): ConfigFault | null =>
  allowedOrigins.includes('*')
    ? {
        variable: 'TERTULIA_ALLOWED_ORIGINS',
        why: 'lets every page on the web in',
        fix: 'Name your own: TERTULIA_ALLOWED_ORIGINS=https://app.example',
      }
    : null

/** Whether a server that listens there is reached from this machine alone. */
export const isLocal = (host: string): boolean =>
  host === 'localhost' || isLoopback(host.replace(/^\[(.*)\]$/, '$1'))

const plainHttpFault = ({ host, behindTls }: Config): ConfigFault | null =>
  behindTls || isLocal(host)
    ? null
    : {
        variable: 'TERTULIA_HOST',
        why: 'opens plain HTTP beyond this machine: everybody on the way can read tokens and messages',
        fix: 'Put a proxy with TLS in front and set TERTULIA_BEHIND_TLS=1, or listen on 127.0.0.1',
      }

const proxyFault = ({ trustedProxies }: Config): ConfigFault | null =>
  trustedProxies.some((proxy) => /\/0+$/.test(proxy))
    ? {
        variable: 'TERTULIA_TRUSTED_PROXIES',
        why: 'trusts the whole internet: anybody could pretend any address',
        fix: 'Name the addresses of your proxies: TERTULIA_TRUSTED_PROXIES=10.0.0.5',
      }
    : null
