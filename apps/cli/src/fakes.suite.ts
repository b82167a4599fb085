import type { ApiKeyRecord, ApiKeys, ServerConfig } from '@tertulia/server'
import { run } from './cli.ts'
import type { ExitCode } from './exits.ts'
import type { HostOverrides, World } from './world.ts'

const NOW = 1_800_000_000_000

/** A world in which nothing is real but the words: what was printed, started and signalled can be looked at. */
export function fakeWorld(environment: Record<string, string> = {}, changes: Partial<World> = {}) {
  const printed: string[] = []
  const warned: string[] = []
  const started: { config: ServerConfig; overrides: HostOverrides }[] = []
  const keys: ApiKeyRecord[] = []
  const opened: string[] = []
  const { promise: listening, resolve: listens } = Promise.withResolvers<void>()
  let listener: (name: 'SIGINT' | 'SIGTERM') => void = () => {}
  let stops = 0
  let monotonic = 0
  let stop = (): Promise<{ unfinished: number }> => Promise.resolve({ unfinished: 0 })

  const apiKeys: ApiKeys = {
    find: async () => null,
    touch: async () => {},
    insert: async (key) => {
      const record = { ...key, id: String(keys.length + 1), lastUsedAt: null, revokedAt: null }
      keys.push(record)
      return record
    },
    list: async () => keys,
    revoke: async (id) => keys.find((key) => key.id === id) ?? null,
  }

  const world: World = {
    environment,
    print: (text) => void printed.push(text),
    warn: (text) => void warned.push(text),
    progress: () => undefined,
    isWatched: false,
    onSignal: (listen) => {
      listener = listen
      listens()
    },
    now: () => NOW,
    monotonic: () => monotonic,
    createServer: async (config, overrides) => {
      started.push({ config, overrides })
      return {
        listen: async () => ({ url: 'http://127.0.0.1:8484' }),
        stop: () => {
          stops++
          return stop()
        },
      }
    },
    openKeys: async ({ dataDir }) => {
      opened.push(dataDir)
      return { apiKeys, close: async () => void stops++ }
    },
    ...changes,
  }

  return {
    world,
    printed,
    warned,
    started,
    opened,
    keys,
    stops: () => stops,
    run: (words: string): Promise<ExitCode> => run(words === '' ? [] : words.split(' '), world),
    /** Resolves when somebody waits for a signal. */
    listening,
    signal: (name: 'SIGINT' | 'SIGTERM') => listener(name),
    pass: (ms: number) => (monotonic += ms),
    stopWith: (answer: () => Promise<{ unfinished: number }>) => (stop = answer),
  }
}
