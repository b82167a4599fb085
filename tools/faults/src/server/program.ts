import { join, resolve } from 'node:path'
import type { Break } from './breaks.ts'
import type { Program } from './process.ts'

/**
 * What plays the server. `entry`: the server with switches for tests; with `trace`, strace writes its system calls
 * into that file, and `slow disk` lets it hold up every flush. `product`: `tertulia start`, as an operator runs it.
 */
export type ServerKind =
  | { readonly kind: 'entry'; readonly broken: Break | null }
  | { readonly kind: 'traced'; readonly broken: Break | null }
  | { readonly kind: 'product' }
  /** Each flush takes so much longer. */
  | { readonly kind: 'slow disk'; readonly flushMs: number; readonly broken: null }

export const isBroken = (kind: ServerKind): boolean =>
  kind.kind !== 'product' && kind.broken !== null

export interface Place {
  readonly folder: string
  /** Null for the embedded store, in the folder. */
  readonly databaseUrl: string | null
  readonly port: number
  readonly secret: string
  readonly apiKey: string
}

const ROOT = resolve(import.meta.dirname, '../../../..')
const ENTRY = join(import.meta.dirname, '../processes/server.ts')
const PRODUCT = join(ROOT, 'apps/cli/src/main.ts')
const SOURCES = ['--conditions=tertulia-source', '--disable-warning=ExperimentalWarning']

/** Hundreds of clients share one address and send faster than people type. Nothing but admission and rates is raised. */
const RAISED = {
  SENDS_PER_SECOND: 10_000,
  SENDS_BURST: 10_000,
  REQUESTS_PER_SECOND: 10_000,
  REQUESTS_BURST: 10_000,
  SERVER_REQUESTS_PER_SECOND: 100_000,
  SERVER_REQUESTS_BURST: 100_000,
  INBOUND_BYTES_PER_SECOND: 1_000_000_000,
  INBOUND_BYTES_BURST: 1_000_000_000,
  HANDSHAKES_PER_SECOND: 10_000,
  HANDSHAKES_BURST: 10_000,
  UNAUTHENTICATED_PER_ADDRESS: 1_000,
}

/** System calls that can flush the store or carry an answer. */
const CALLS = 'trace=pwrite64,pwritev,fdatasync,fsync,write,writev,sendto,sendmsg'
/** More than any answer or page, so that each message is seen whole. */
const SEEN_BYTES = '200000'

export const traceFile = ({ folder }: Pick<Place, 'folder'>): string => join(folder, 'calls.txt')

export function programOf(kind: ServerKind, place: Place): Program {
  return { ...commandOf(kind, place), env: environmentOf(kind, place), port: place.port }
}

function commandOf(kind: ServerKind, place: Place): Pick<Program, 'command' | 'args'> {
  const node = process.execPath
  switch (kind.kind) {
    case 'product':
      return { command: node, args: [...SOURCES, PRODUCT, 'start'] }
    case 'entry':
      return { command: node, args: entryArgs(kind.broken) }
    case 'slow disk': {
      const delay = `inject=fdatasync,fsync:delay_exit=${kind.flushMs * 1000}`
      const flushes = ['-D', '-f', '--seccomp-bpf', '-e', 'trace=fdatasync,fsync', '-e', delay]
      return {
        command: 'strace',
        args: [...flushes, '-o', '/dev/null', node, ...entryArgs(kind.broken)],
      }
    }
    case 'traced': {
      // -D: the server stays our own child, so that signals reach it and not the tracer.
      const trace = ['-D', '-f', '-y', '-e', CALLS, '-s', SEEN_BYTES, '-o', traceFile(place)]
      return { command: 'strace', args: [...trace, node, ...entryArgs(kind.broken)] }
    }
  }
}

const entryArgs = (broken: Break | null): readonly string[] => [
  ...SOURCES,
  '--expose-gc',
  ENTRY,
  ...(broken === null ? [] : ['--break', broken]),
]

function environmentOf(
  kind: ServerKind,
  { folder, databaseUrl, port, secret, apiKey }: Place,
): Record<string, string> {
  const raised = Object.entries(RAISED).map(([name, value]) => [
    `TERTULIA_LIMIT_${name}`,
    String(value),
  ])
  return {
    ...Object.fromEntries(
      kind.kind === 'product' ? raised.filter(([name]) => name?.endsWith('_PER_ADDRESS')) : raised,
    ),
    TERTULIA_PORT: String(port),
    TERTULIA_DATA_DIR: join(folder, 'data'),
    TERTULIA_SECRET: secret,
    TERTULIA_API_KEY: apiKey,
    TERTULIA_LOG_LEVEL: 'warn',
    ...(databaseUrl === null ? {} : { TERTULIA_DATABASE_URL: databaseUrl }),
  }
}
