import { isDeepStrictEqual } from 'node:util'
import type { ChannelSync, UserSync } from '@tertulia/protocol'
import { expect } from 'vitest'
import type { Output } from '../contract.ts'
import { until } from '../until.ts'
import { Refused } from '../voice.ts'
import type { ChannelCopy } from './channelCopy.ts'
import {
  type ChannelState,
  comparable,
  type Delta,
  type Reset,
  stateOfReset,
  withDelta,
} from './channelState.ts'
import { withoutOmitted } from './holes.ts'
import type { OwnCopy } from './ownCopy.ts'
import { type OwnState, ownStateOf, withOwnDelta } from './ownCopy.ts'
import { checkDelta, checkReset } from './rows.ts'
import { type Reader, wholeDrafts, wholeOwn, wholeRoster } from './snapshot.ts'

/** Somebody who follows streams. */
export interface Follows extends Reader {
  readonly id: string
  readonly own: OwnCopy | null
  readonly copies: ReadonlyMap<string, ChannelCopy>
  /** Channels that ended for this person, and did not come back. */
  readonly ended: ReadonlySet<string>
  isFollowing(): boolean
}

type Pulled = Output<'sync.pull'>

/**
 * The sync law: an old snapshot and the events since, an old snapshot and the delta since, and a new snapshot are
 * the same. Held for the own stream and for every watched channel of everybody, after every step of every story.
 */
export function createLaw(people: () => readonly Follows[]): () => Promise<void> {
  let waiting: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()
  // Steps that run at once share the check that begins after all of them.
  return () => {
    waiting ??= last
      .catch(() => {})
      .then(() => {
        waiting = null
        last = checkAll(people())
        return last
      })
    return waiting
  }
}

async function checkAll(people: readonly Follows[]): Promise<void> {
  await Promise.all(people.filter((person) => person.isFollowing()).map(check))
}

/** Asks for new snapshots until nothing moved between the questions, so that all answers are of one moment. */
const check = (person: Follows): Promise<unknown> =>
  until(`the copies of ${person.id} catch up and stand still`, async () => {
    if (!person.isFollowing()) return true
    try {
      return await holds(person)
    } catch (error) {
      // Whoever may not ask any more is about to lose the connection too.
      if (error instanceof Refused && SHUT_OUT.has(error.code)) return false
      throw error
    }
  })

const SHUT_OUT: ReadonlySet<string> = new Set([
  'unauthenticated',
  'token_expired',
  'user.deactivated',
])

async function holds(person: Follows): Promise<boolean> {
  const copies = [...person.copies.values()].filter(({ state }) => state !== null)
  const fresh = await person.reads('sync.pull', {
    user: null,
    channels: [...copies.map(({ id }) => ({ id })), ...[...person.ended].map((id) => ({ id }))],
  })
  return (await holdsOwn(person, fresh)) && (await holdsChannels(person, copies, fresh))
}

async function holdsOwn(person: Follows, { user: fresh }: Pulled): Promise<boolean> {
  const { own } = person
  if (!own || fresh?.status !== 'reset')
    throw new Error(`A first pull of ${person.id} was not a reset.`)
  if (own.position.seq !== fresh.through) return false
  const wanted = ownStateOf(await wholeOwn(person, fresh))
  // A deleted channel leaves the list at once and is told a moment later, because it may have many members.
  if (
    own.position.seq === fresh.through &&
    !isDeepStrictEqual(own.state, wanted) &&
    onlyMore(own.state, wanted)
  )
    return false
  if (own.proven.position.seq === fresh.through) return true
  const { user: since } = await person.reads('sync.pull', { user: own.proven.position })
  if (!since || headOf(since) !== fresh.through || own.position.seq !== fresh.through) return false
  expect(own.state, `The own stream of ${person.id}: events and a new snapshot differ`).toEqual(
    wanted,
  )
  if (since.status === 'delta')
    expect(
      withOwnDelta(own.proven.state, {
        ...since,
        drafts: await wholeDrafts(person, since),
      }),
      `The own stream of ${person.id}: a delta and a new snapshot differ`,
    ).toEqual(wanted)
  own.proven = { position: own.position, state: own.state }
  return true
}

const onlyMore = (held: OwnState, wanted: OwnState): boolean =>
  Object.keys(wanted.channels).every((id) => id in held.channels) &&
  Object.keys(wanted.drafts).every((place) => place in held.drafts) &&
  isDeepStrictEqual(held.user, wanted.user) &&
  isDeepStrictEqual(held.scheduled, wanted.scheduled) &&
  isDeepStrictEqual(held.blocks, wanted.blocks)

const headOf = (sync: UserSync | ChannelSync): number | null => {
  if (sync.status === 'gone') return null
  return sync.status === 'delta' || sync.status === 'reset' ? sync.through : sync.seq
}

async function holdsChannels(
  person: Follows,
  copies: readonly ChannelCopy[],
  { channels }: Pulled,
): Promise<boolean> {
  const byId = new Map(channels.map((sync) => [sync.id, sync]))
  for (const id of person.ended) {
    const sync = byId.get(id)
    if (sync && sync.status !== 'gone' && !(sync.status === 'reset' && sync.me === null))
      throw new Error(`${id} ended for ${person.id}, and sync says ${sync.status}.`)
  }
  for (const copy of copies) {
    const fresh = byId.get(copy.id)
    if (person.copies.get(copy.id) !== copy || isShutFor(copy, fresh)) continue
    if (fresh?.status === 'gone') {
      // Who was removed hears of it on the own stream.
      if (!copy.gone) return false
    } else if (fresh?.status !== 'reset')
      throw new Error(`A first pull of ${copy.id} was answered with ${fresh?.status}.`)
    else if (!(await holdsChannel(person, copy, fresh))) return false
  }
  return true
}

/** A copy that was shut says nothing new, and begins to again when its holder asks (STATE-6). */
function isShutFor(copy: ChannelCopy, fresh: ChannelSync | undefined): boolean {
  if (copy.shut && fresh?.status === 'gone' && fresh.reason !== 'disabled')
    throw new Error(`${copy.id} is disabled, and sync says ${fresh.reason}.`)
  return copy.shut
}

async function holdsChannel(person: Follows, copy: ChannelCopy, fresh: Reset): Promise<boolean> {
  const { proven, position } = copy
  if (!proven || position?.seq !== fresh.through) return false
  if (proven.position.seq === fresh.through) return true
  const members = await wholeRoster(person, copy.id)
  const { channels } = await person.reads('sync.pull', {
    channels: [{ id: copy.id, ...proven.position }],
  })
  const [since] = channels
  if (
    !since ||
    headOf(since) !== fresh.through ||
    copy.position?.seq !== fresh.through ||
    !copy.state
  )
    return false

  const wanted = stateOfReset(fresh, members, person.id)
  const where = `${copy.id}, as ${person.id} sees it`
  checkReset(fresh)
  expect(comparable(copy.state, fresh), `${where}: events and a new snapshot differ`).toEqual(
    comparable(withoutOmitted(wanted, copy.state, copy.holes), fresh),
  )
  if (since.status === 'delta') expectDelta({ since, copy, fresh, wanted, where })
  else expectReset(since, proven.state.me?.state !== 'joined' && fresh.me !== null, where)
  copy.proven = { position: copy.position, state: copy.state }
  return true
}

/** Old cursors are answered with a delta, unless there was too much, or a reader became a member. */
function expectReset(since: ChannelSync, becameMember: boolean, where: string): void {
  const reason = since.status === 'reset' ? since.reason : since.status
  if (reason !== 'too_far' && !(reason === 'visibility' && becameMember))
    throw new Error(`${where}: the cursor of before is answered with ${reason}.`)
}

interface DeltaCase {
  readonly since: Delta
  readonly copy: ChannelCopy
  readonly fresh: Reset
  readonly wanted: ChannelState
  readonly where: string
}

function expectDelta({ since, copy, fresh, wanted, where }: DeltaCase): void {
  const { proven, holes } = copy
  if (!proven) return
  checkDelta(since, proven.position.seq)
  const state = withDelta(proven.state, since)
  const before = holes.filter(({ upTo }) => upTo <= proven.position.seq)
  expect(comparable(state, fresh), `${where}: a delta and a new snapshot differ`).toEqual(
    comparable(withoutOmitted(wanted, state, before), fresh),
  )
}
