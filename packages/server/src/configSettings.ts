import { LIMITS } from '@tertulia/protocol'
import { z } from 'zod'
import { isWellFormedKey, KEY_PREFIX } from './identity/keys.ts'
import { isNetwork } from './transports/clientAddress.ts'

export const PREFIX = 'TERTULIA_'

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

const isDatabase = (text: string): boolean => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)

/** What `--help` and the guide say of a setting. */
const described = <S extends z.ZodType>(meaning: string, schema: S): S => schema.describe(meaning)

const visible = z
  .string()
  .regex(/^[!-~]+$/, wrong('must be of visible ASCII characters', 'Leave out spaces and quotes.'))

export const settings = {
  PORT: described('Where it listens; 0 for any free port.', integer(0, 65_535, '').default(8484)),
  HOST: described(
    'The address it listens on. Beyond this machine only behind a proxy with TLS.',
    visible.default('127.0.0.1'),
  ),
  DATA_DIR: described('The folder of the embedded store.', z.string().default('./tertulia-data')),
  DATABASE_URL: described(
    'A PostgreSQL database (15 or newer) to use instead: postgres://user:password@host/name.',
    z
      .string()
      .refine(
        isDatabase,
        wrong(
          'must be the address of a PostgreSQL database',
          'Write it like postgres://user:password@host:5432/name.',
        ),
      )
      .nullable()
      .default(null),
  ),
  SECRET: described(
    'The app secret, with which user tokens are signed: at least 32 bytes. Required by `start`.',
    z.string().nullable().default(null),
  ),
  PREVIOUS_SECRET: described(
    'The secret before this one: its tokens are good while clients fetch new ones. Remove it after a while.',
    z.string().nullable().default(null),
  ),
  API_KEY: described(
    'An API key for your own server, beside those of `tertulia keys`.',
    z
      .string()
      .refine(
        isBootstrapKey,
        wrong('is mistyped or holds other than letters, digits, - and _', MAKE_KEY),
      )
      .nullable()
      .default(null),
  ),
  ALLOWED_ORIGINS: described(
    'The pages that may use the server, such as https://app.example; separated by commas.',
    list(
      isOrigin,
      'must be exact origins, separated by commas',
      'Write them like https://app.example, with the port if there is one and without a path.',
    ).default([]),
  ),
  TRUSTED_PROXIES: described(
    'Addresses or networks of proxies whose `X-Forwarded-For` counts.',
    list(
      isNetwork,
      'must be addresses or networks, separated by commas',
      'Write them like 127.0.0.1 or 10.0.0.0/8.',
    ).default([]),
  ),
  BEHIND_TLS: described(
    '1 when a proxy in front speaks TLS with the outside.',
    flag.default(false),
  ),
  DRAIN_MS: described(
    'How long stopping may take, in ms.',
    integer(0, 3_600_000, ' (ms)').default(LIMITS.drainMs),
  ),
  LOG_LEVEL: described(
    'debug, info, warn, error or silent.',
    z
      .enum(
        ['debug', 'info', 'warn', 'error', 'silent'],
        wrong('is not a log level', 'Use debug, info, warn, error or silent.'),
      )
      .default('info'),
  ),
  METRICS_TOKEN: described(
    'The bearer token of `/metrics`; without it only this machine may read them.',
    visible
      .min(16, wrong('is shorter than 16 characters', 'Make one with: openssl rand -hex 24'))
      .nullable()
      .default(null),
  ),
  AUTO_CREATE_USERS: described(
    '0 to refuse tokens of users that your server has not created.',
    flag.default(true),
  ),
  DIRECTORY: described(
    'Whom people find: `shared` (those with a channel in common) or `all`.',
    z
      .enum(
        ['shared', 'all'],
        wrong('must be shared or all', 'Use shared: people find those with a channel in common.'),
      )
      .default('shared'),
  ),
  ALLOW_QUERY_TOKEN: described(
    '1 to accept tokens in the address of a WebSocket. They end up in logs of proxies.',
    flag.default(false),
  ),
}

export interface SettingEntry {
  readonly variable: string
  /** As it would be written in the environment; empty when there is none. */
  readonly default: string
  readonly meaning: string
}

/** Every setting but the limits, for people to read. */
export const settingTable: readonly SettingEntry[] = Object.entries(settings).map(
  ([name, schema]) => ({
    variable: PREFIX + name,
    default: written(schema.parse(undefined)),
    meaning: schema.description ?? '',
  }),
)

function written(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return value === null ? '' : String(value)
}
