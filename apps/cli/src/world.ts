import type { Config, Extension, OpenKeys, ServerConfig } from '@tertulia/server'

/** A server, as far as a command needs one. */
export interface Host {
  /** Writes a `ready` line into the log. */
  listen(): Promise<{ readonly url: string }>
  /** Drains. Resolves when everything is over; `unfinished` counts what the budget was too short for. */
  stop(): Promise<{ readonly unfinished: number }>
}

export interface HostOverrides {
  readonly extensions: readonly Extension[]
  /** Pages on this machine may use the server, whatever their port. */
  readonly loopbackOrigins: boolean
  /** Called when the server cannot go on: the process must end. */
  readonly broken: (error: Error) => void
}

/** Everything outside of the commands, so that tests can stand in for it. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** To standard output: what was asked for. */
  print(text: string): void
  /** To standard error: what a person should know. */
  warn(text: string): void
  /** To the terminal of a person, without a new line. Only where `isWatched`. */
  progress(text: string): void
  readonly isWatched: boolean
  onSignal(listener: (name: 'SIGINT' | 'SIGTERM') => void): void
  /** Wall clock, ms. */
  now(): number
  /** Monotonic ms. */
  monotonic(): number
  createServer(config: ServerConfig, overrides: HostOverrides): Promise<Host>
  /** Opens the keys of a store, also while a server runs on it. */
  openKeys(config: Config): Promise<OpenKeys>
}
