import { LIMITS, type Limits } from '@tertulia/protocol'
import { z } from 'zod'
import { readLimits } from './configLimits.ts'
import { isWellFormedKey, KEY_PREFIX } from './identity/keys.ts'
import { isNetwork } from './transports/clientAddress.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** The settings of one server, from the environment alone. */
export interface Config {
  /** 0 for any free port. */
  readonly port: number
  readonly host: string
  readonly dataDir: string
  /** The app secret, or null when none is set. */
  readonly secret: string | null
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

const PREFIX = 'TERTULIA_'

/** `why` is what follows the name of the variable; the fix is a whole sentence. */
const wrong = (why: string, fix: string) => ({ error: `${why}|${fix}` })

const integer = (low: number, high: number, unit: string) => {
  const message = wrong(
    `must be a whole number from ${low} to ${high}${unit}`,
    'Write digits only.',
  )
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().min(low, message).max(high, message))
}

const MAKE_KEY = 'Set it to the output of: openssl rand -hex 32'

const flag = z
  .enum(
    ['1', 'true', '0', 'false'],
    wrong('must be 1 or 0', 'Write 1 to switch it on, 0 to switch it off.'),
  )
  .transform((text) => text === '1' || text === 'true')

const list = (fits: (item: string) => boolean, why: string, fix: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine((items) => items.every(fits), wrong(why, fix))

const isOrigin = (text: string): boolean =>
  text === '*' || (!text.includes('*') && URL.canParse(text) && new URL(text).origin === text)

/** Any key of one's own will do, but what looks like one of ours must be one: a slip would shut everybody out. */
const isBootstrapKey = (text: string): boolean =>
  text.startsWith(KEY_PREFIX) ? isWellFormedKey(text) : /^[\w-]+$/.test(text)

const visible = z
  .string()
  .regex(/^[!-~]+$/, wrong('must be of visible ASCII characters', 'Leave out spaces and quotes.'))

const settings = {
  PORT: integer(0, 65_535, '').default(8484),
  HOST: visible.default('127.0.0.1'),
  DATA_DIR: z.string().default('./tertulia-data'),
  SECRET: z.string().nullable().default(null),
  API_KEY: z
    .string()
    .refine(
      isBootstrapKey,
      wrong('is mistyped or holds other than letters, digits, - and _', MAKE_KEY),
    )
    .nullable()
    .default(null),
  ALLOWED_ORIGINS: list(
    isOrigin,
    'must be exact origins, separated by commas',
    'Write them like https://app.example, with the port if there is one and without a path.',
  ).default([]),
  TRUSTED_PROXIES: list(
    isNetwork,
    'must be addresses or networks, separated by commas',
    'Write them like 127.0.0.1 or 10.0.0.0/8.',
  ).default([]),
  BEHIND_TLS: flag.default(false),
  DRAIN_MS: integer(0, 3_600_000, ' (ms)').default(LIMITS.drainMs),
  LOG_LEVEL: z
    .enum(
      ['debug', 'info', 'warn', 'error', 'silent'],
      wrong('is not a log level', 'Use debug, info, warn, error or silent.'),
    )
    .default('info'),
  METRICS_TOKEN: visible
    .min(16, wrong('is shorter than 16 characters', 'Make one with: openssl rand -hex 24'))
    .nullable()
    .default(null),
  AUTO_CREATE_USERS: flag.default(true),
  DIRECTORY: z
    .enum(
      ['shared', 'all'],
      wrong('must be shared or all', 'Use shared: people find those with a channel in common.'),
    )
    .default('shared'),
  ALLOW_QUERY_TOKEN: flag.default(false),
}

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
    secret: values.SECRET,
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
