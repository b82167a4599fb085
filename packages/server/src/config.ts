import type { Limits } from '@tertulia/protocol'
import { z } from 'zod'
import { readLimits } from './configLimits.ts'
import { PREFIX, settings } from './configSettings.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** The settings of one server, from the environment alone. */
export interface Config {
  /** 0 for any free port. */
  readonly port: number
  readonly host: string
  /** The folder of the embedded store. */
  readonly dataDir: string
  /** The PostgreSQL database that is used instead of it, or null. It may hold a password. */
  readonly databaseUrl: string | null
  /** The app secret, or null when none is set. */
  readonly secret: string | null
  /** The secret that is being replaced, or null. */
  readonly previousSecret: string | null
  /** The bootstrap API key, or null when none is set. */
  readonly apiKey: string | null
  readonly allowedOrigins: readonly string[]
  /** Addresses and networks whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[]
  /** A proxy in front speaks TLS with the outside. */
  readonly behindTls: boolean
  readonly logLevel: LogLevel
  readonly metricsToken: string | null
  readonly autoCreateUsers: boolean
  readonly directory: 'shared' | 'all'
  readonly allowQueryToken: boolean
  readonly limits: Limits
}

/** A config that can be run. */
export type ServerConfig = Config & { readonly secret: string }

/** One setting that is wrong: its variable, why, and the way out. */
export interface ConfigFault {
  readonly variable: string
  readonly why: string
  readonly fix: string
}

/** Every wrong setting at once. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ variable, why, fix }) => `${variable} ${why}. ${fix}`).join('\n'))
    this.name = 'ConfigError'
    this.faults = faults
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads settings from `TERTULIA_*`. Empty variables count as absent. Throws a `ConfigError` with every fault. */
export function readConfig(environment: Environment): Config {
  const given = givenSettings(environment)
  const { limits, faults } = readLimits(given)
  const read = z.object(settings).safeParse(given)
  if (!read.success || faults.length > 0)
    throw new ConfigError([...(read.success ? [] : read.error.issues.map(faultOf)), ...faults])
  const values = read.data
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    secret: values.SECRET,
    previousSecret: values.PREVIOUS_SECRET,
    apiKey: values.API_KEY,
    allowedOrigins: values.ALLOWED_ORIGINS,
    trustedProxies: values.TRUSTED_PROXIES,
    behindTls: values.BEHIND_TLS,
    logLevel: values.LOG_LEVEL,
    metricsToken: values.METRICS_TOKEN,
    autoCreateUsers: values.AUTO_CREATE_USERS,
    directory: values.DIRECTORY,
    allowQueryToken: values.ALLOW_QUERY_TOKEN,
    limits: { ...limits, drainMs: values.DRAIN_MS },
  }
}

function givenSettings(environment: Environment): Record<string, string> {
  const given = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && value ? [[name.slice(PREFIX.length), value] as const] : [],
  )
  return Object.fromEntries(given)
}

function faultOf({ path, message }: z.core.$ZodIssue): ConfigFault {
  const [why = '', fix = ''] = message.split('|')
  return { variable: `${PREFIX}${path.join('')}`, why, fix }
}

/** Variables with our prefix that mean nothing: most likely slips of the pen. */
export function unknownSettings(environment: Environment): readonly string[] {
  return Object.keys(givenSettings(environment))
    .filter((name) => !(name in settings) && !name.startsWith('LIMIT_'))
    .map((name) => PREFIX + name)
}
