import type { ErrorCode, OperationName } from '@tertulia/protocol'
import type { World } from './world.ts'

/** A value as it is written into the request, where `JSON.stringify` would not write it so. */
export class Raw {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export const raw = (text: string): Raw => new Raw(text)

export type Outcome = ErrorCode | 'done'

/** Whoever calls. `app` and `reader` are API keys. */
export type Caller = 'alice' | 'bob' | 'charlie' | 'app' | 'reader' | 'nobody'

/** A call with wrong input, over every door that takes it. */
export interface CallRow {
  readonly name: string
  readonly op: OperationName
  /** alice when nobody is named. */
  readonly by?: Caller
  readonly input: (world: World) => Readonly<Record<string, unknown>>
  /** Members that are written behind the others as they stand: `,"a":1`. */
  readonly more?: string
  readonly expect: Outcome
  /** Only this door, where the other has no such request. */
  readonly door?: 'rest' | 'socket'
}

type Fields = Readonly<Record<string, unknown>>

/** What is expected of whom, where it is not a refusal of alice by the contract. */
export type Wrong = Partial<Pick<CallRow, 'expect' | 'by' | 'door'>>

/** Makes rows of calls that would be good but for what is changed in them. */
export const changing =
  <Op extends OperationName>(good: Readonly<Record<Op, (world: World) => Fields>>) =>
  (
    op: Op,
    what: string,
    change: Fields | ((world: World) => Fields),
    { expect = 'bad_request', ...wrong }: Wrong = {},
  ): CallRow => ({
    name: `${op}: ${what}`,
    op,
    input: (world) => ({
      ...good[op](world),
      ...(typeof change === 'function' ? change(world) : change),
    }),
    expect,
    ...wrong,
  })

/** A request that is written byte by byte. */
export interface HttpRow {
  readonly name: string
  readonly bytes: (world: World) => string | Buffer
  readonly expect: HttpExpectation
}

/** `hung up`: not one byte comes back. */
export type HttpOutcome = Outcome | 'switched' | 'preflight' | 'hung up'

export interface HttpExpectation {
  readonly outcome: HttpOutcome | readonly HttpOutcome[]
  /** The server ends the connection too. */
  readonly closes?: true
  /** Headers of the answer; null for none. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** 5 seconds when absent. */
  readonly withinMs?: number
}

/** Frames that are written byte by byte, on a connection that was welcomed or has said nothing yet. */
export interface FrameRow {
  readonly name: string
  readonly phase: 'first' | 'later'
  readonly bytes: (world: World) => Buffer
  readonly expect: Consequence
}

export type Consequence =
  | { readonly is: 'closed'; readonly codes: readonly number[]; readonly told?: ErrorCode }
  /** An `error` frame, and the connection goes on. */
  | { readonly is: 'told'; readonly code: ErrorCode }
  /** A `response` to request 7, and the connection goes on. */
  | { readonly is: 'answered'; readonly outcome: Outcome }
  | { readonly is: 'ignored' }

/** What somebody shows to prove who they are, over every door. */
export interface TokenRow {
  readonly name: string
  readonly token: (world: World) => string
  readonly expect: ErrorCode
  /** What no header can carry comes in the hello alone. */
  readonly door?: 'rest' | 'socket'
}

/** An odd text that is no mistake: it comes back as it was sent, on every engine. */
export interface KeptRow {
  readonly name: string
  readonly text: string
}
