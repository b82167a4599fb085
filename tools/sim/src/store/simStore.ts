import type { Engine } from '@tertulia/server'
import type { Life } from '../server/life.ts'
import type { Committed } from './committed.ts'

/** Where the stores of runs come from. */
export interface Stores extends AsyncDisposable {
  readonly name: 'sqlite' | 'postgres'
  /** Migrated and empty: what is made of it is what every run begins with. Asked for once. */
  template(): Promise<SimStore>
  /** A copy of the template, which nobody has open any more. */
  forRun(): Promise<SimStore>
}

/** The store of a run, and what an operator does with it. */
export interface SimStore {
  /** Opens it as a server does that starts. */
  open(server: Opening): Promise<OpenStore>
  /** Reads what is committed by a connection of its own. */
  committed(): Promise<Committed>
  /** Until the server's code has nothing left to do, and the store has answered what can be answered. */
  rest(): Promise<void>
  /** Keeps a consistent copy of what is committed now, in place of the copy before. */
  backUp(): Promise<void>
  /** Puts the copy in the place of the store. Nobody may have it open. */
  restore(): Promise<void>
  /** Nobody may have it open. */
  remove(): Promise<void>
}

/** Who opens a store. */
export interface Opening {
  readonly life: Life
  /** The longest wait before and after each transaction, in ms. */
  readonly storeMs: number
}

/** A store as one process has it open, and how it shows whether its history was rewritten. */
export interface OpenStore {
  readonly engine: Engine
  readonly markBeside: string | null
  readonly newMark: string
  keepMark(mark: string): void
  /** The process is gone, and with it whatever it had not committed. */
  cut(): void
}

/** Until no promise has anything left to do that does not wait for the outside. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
