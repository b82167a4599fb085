import type { Engine } from '@tertulia/server'
import type { Bus, Operations, StreamReader } from '@tertulia/server/parts'
import type { Life } from './life.ts'

/** Where a planted fault may sit between the parts of a server. */
export interface Seams {
  engine?(engine: Engine, at: SeamContext): Engine
  /** The engine of this fault crashes by itself where a crash before the commit is wanted. */
  readonly crashesBeforeCommit?: true
  bus?(bus: Bus, at: SeamContext): Bus
  operations?(operations: Operations, at: SeamContext): Operations
  streams?(streams: StreamReader, at: SeamContext): StreamReader
}

export interface SeamContext {
  readonly life: Life
  readonly bus: () => Bus
  /** Set when a crash was wanted before the commit and the seam takes it upon itself. */
  readonly crashes: { wanted: boolean }
}
