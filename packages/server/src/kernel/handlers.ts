import type { ChatError, InputOf, Limits, Operation, OutputOf } from '@tertulia/protocol'
import type { TicketOffice } from '../identity/identities.ts'
import type { Bus } from '../ports/bus.ts'
import type { Snapshot } from '../store/engine.ts'
import type { Actor } from './actor.ts'
import type { Moments } from './moments.ts'
import type { PageCursors } from './pages.ts'
import type { ChannelTypes } from './permissions/channelTypes.ts'
import type { Announce, Transaction, Tx } from './transaction.ts'

/** What handlers may know of the installation. */
export interface Settings {
  readonly limits: Limits
  readonly channelTypes: ChannelTypes
  readonly cursors: PageCursors
  /** Who finds whom: people with a shared channel, or everybody. */
  readonly directory: 'shared' | 'all'
  /** The epoch of this store. */
  readonly epoch: number
  readonly tickets: TicketOffice
  readonly moments: Moments
  /** Who is online and has a channel among their interests, by uid: from memory, at this moment. */
  readonly hereIn: (channelId: string) => readonly string[]
}

/** The callers that an operation declares, as actors. */
type ActorOf<O extends Operation> = Extract<Actor, { readonly kind: O['callers'][number] }>

interface Asked<O extends Operation> {
  readonly input: InputOf<O>
  readonly actor: ActorOf<O>
  readonly settings: Settings
}

export interface WriteContext<O extends Operation> extends Asked<O> {
  readonly tx: Tx
  readonly announce: Announce
  readonly disconnect: Transaction['disconnect']
}

export interface ReadContext<O extends Operation> extends Asked<O> {
  readonly db: Snapshot
  readonly now: number
}

export interface RelayContext<O extends Operation> extends ReadContext<O> {
  readonly bus: Pick<Bus, 'publish'>
}

/** With whom a write shares its transactions: with others about the same channel, or of the same caller. */
export type Lane = 'channel' | 'actor'

export type Handler =
  | {
      readonly kind: 'write'
      readonly operation: Operation
      run(context: WriteContext<Operation>): Promise<unknown>
      readonly readAhead: ReadAhead<Operation> | null
      readonly lane: Lane
    }
  | {
      readonly kind: 'read'
      readonly operation: Operation
      run(context: ReadContext<Operation>): Promise<unknown>
    }
  | {
      readonly kind: 'relay'
      readonly operation: Operation
      run(context: RelayContext<Operation>): Promise<unknown>
    }

/**
 * Locks and reads together what several calls of one batch will need, before the first of them runs. Only to save
 * time: each call still asks for all of it.
 */
export type ReadAhead<O extends Operation> = (
  tx: Tx,
  wishes: readonly Pick<WriteContext<O>, 'input' | 'actor'>[],
) => Promise<void>

/** The dispatcher has checked caller and input by the contract, so a handler may count on its own types. */
type AnyRun = (context: unknown) => Promise<unknown>

/**
 * An operation that changes something: runs in a transaction, alone with its channel. An error that is thrown undoes it;
 * one that is returned is the answer to a change that stays.
 */
export const write = <O extends Operation>(
  operation: O,
  run: (context: WriteContext<O>) => Promise<OutputOf<O> | ChatError>,
  { readAhead, lane = 'channel' }: { readonly readAhead?: ReadAhead<O>; readonly lane?: Lane } = {},
): Handler => ({
  kind: 'write',
  operation,
  run: run as AnyRun,
  readAhead: (readAhead as ReadAhead<Operation> | undefined) ?? null,
  lane,
})

/** An operation that only looks: runs in one snapshot. */
export const read = <O extends Operation>(
  operation: O,
  run: (context: ReadContext<O>) => Promise<OutputOf<O>>,
): Handler => ({ kind: 'read', operation, run: run as AnyRun })

/** An operation that stores nothing and tells whoever is there: may be lost. */
export const relay = <O extends Operation>(
  operation: O,
  run: (context: RelayContext<O>) => Promise<OutputOf<O>>,
): Handler => ({ kind: 'relay', operation, run: run as AnyRun })
