import type {
  Arrangement,
  Block,
  Channel,
  DeletedDraft,
  Draft,
  Me,
  ReadState,
  ScheduledMark,
  User,
  UserSync,
} from '@tertulia/protocol'
import type { Told } from './channelState.ts'
import { Follower, type Position, type RangeFrame, toldBy } from './follower.ts'

/** What a membership looks like from the own stream: roles change in the channel's stream. */
type Membership = Pick<Me, 'joinedAt' | 'visibleFrom'> & {
  /** What is left to read changes with every message, and is no part of the stream. */
  readonly read: Pick<ReadState, 'seq' | 'unreadFrom'>
  readonly arrangement: Arrangement
}

/** What a client holds of its user: the profile, channels, drafts, what is scheduled, and who is blocked. */
export interface OwnState {
  readonly user: User
  readonly channels: Readonly<Record<string, Membership>>
  /** The version of each scheduled message. */
  readonly scheduled: Readonly<Record<string, number>>
  /** By their place. */
  readonly drafts: Readonly<Record<string, Draft>>
  /** By the id of whom. */
  readonly blocks: Readonly<Record<string, Block>>
}

type Item = {
  readonly channel: Channel
  readonly me: Me | null
  readonly read: Pick<ReadState, 'seq' | 'unreadFrom'> | null
  readonly arrangement: Arrangement | null
}

/** ARR-8: whoever joins has chosen nothing. */
const NOTHING: Arrangement = { muted: null, pinnedAt: null, hiddenUpTo: null, archivedAt: null }

export interface OwnRows extends Pick<OwnReset, 'user' | 'scheduled' | 'blocks'> {
  readonly items: readonly Item[]
  readonly drafts: readonly Draft[]
}

export function ownStateOf({ user, items, scheduled, drafts, blocks }: OwnRows): OwnState {
  return {
    user,
    channels: channelsOf(items),
    scheduled: versionsOf(scheduled),
    drafts: Object.fromEntries(drafts.map((draft) => [placeOf(draft), draft])),
    blocks: byUser(blocks),
  }
}

type OwnReset = Extract<UserSync, { status: 'reset' }>

const channelsOf = (items: readonly Item[]) =>
  Object.fromEntries(items.map((item) => [item.channel.id, membershipOf(item)]))

const keyOf = ({ channelId, clientId }: Omit<ScheduledMark, 'version'>) =>
  `${channelId}/${clientId}`

const versionsOf = (marks: readonly ScheduledMark[]) =>
  Object.fromEntries(marks.map((mark) => [keyOf(mark), mark.version]))

const placeOf = ({ channelId, threadRootId }: Pick<Draft, 'channelId' | 'threadRootId'>): string =>
  threadRootId === undefined ? channelId : `${channelId}/${threadRootId}`

const byUser = (blocks: readonly Block[]): OwnState['blocks'] =>
  Object.fromEntries(blocks.map((block) => [block.userId, block]))

function membershipOf({ me, channel, read, arrangement }: Item): Membership {
  if (!me || !read || !arrangement)
    throw new Error(`The channel ${channel.id} is in the own list without the own membership.`)
  const { seq, unreadFrom } = read
  const { joinedAt, visibleFrom } = me
  return { joinedAt, visibleFrom, read: { seq, unreadFrom }, arrangement }
}

interface Change {
  readonly user?: User
  readonly channel?: Channel
  readonly me?: Me
  readonly channelId?: string
  readonly seq?: number
  readonly read?: ReadState
  readonly arrangement?: Arrangement
  readonly scheduled?: ScheduledMark
  readonly clientId?: string
  readonly block?: Block
  readonly userId?: string
}

function withOwnEvent(state: OwnState, { name, data }: Told): OwnState {
  if (name.startsWith('scheduled.')) return withScheduled(state, data)
  if (name === 'draft.saved') return withDraft(state, data['draft'] as Draft)
  if (name === 'draft.deleted') return withoutDraft(state, data['draft'] as DeletedDraft)
  const { user, channel, me, channelId, seq, read, arrangement, block, userId }: Change = data
  if (block) return { ...state, blocks: { ...state.blocks, [block.userId]: block } }
  if (userId !== undefined && name === 'user.unblocked') return withUnblocked(state, userId)
  if (user && name === 'user.updated') return { ...state, user }
  // UNREAD-3: who joins has read everything up to there.
  if (channel && me && seq !== undefined)
    return withJoined(state, [
      { channel, me, read: { seq, unreadFrom: null }, arrangement: NOTHING },
    ])
  if (channelId !== undefined && read) {
    const { unreadFrom } = read
    return withChange(state, channelId, { read: { seq: read.seq, unreadFrom } })
  }
  if (channelId !== undefined && arrangement) return withChange(state, channelId, { arrangement })
  return channelId !== undefined && name === 'channel.left' ? withLeft(state, [channelId]) : state
}

const withUnblocked = (state: OwnState, userId: string): OwnState => ({
  ...state,
  blocks: without(state.blocks, [userId]),
})

function withChange(state: OwnState, id: string, change: Partial<Membership>): OwnState {
  const known = state.channels[id]
  if (!known) return state
  return { ...state, channels: { ...state.channels, [id]: { ...known, ...change } } }
}

const withDraft = (state: OwnState, draft: Draft): OwnState => ({
  ...state,
  drafts: { ...state.drafts, [placeOf(draft)]: draft },
})

function withoutDraft(state: OwnState, draft: DeletedDraft): OwnState {
  const { [placeOf(draft)]: _, ...drafts } = state.drafts
  return { ...state, drafts }
}

type OwnDelta = Extract<UserSync, { status: 'delta' }>

/** With all drafts, when the delta says that it does not tell them all. */
export function withOwnDelta(state: OwnState, delta: OwnDelta): OwnState {
  const { user, joined, left, scheduled, drafts, deletedDrafts, moreDrafts, blocks } = delta
  const known = {
    ...state,
    user: user ?? state.user,
    scheduled: versionsOf(scheduled),
    blocks: blocks ? byUser(blocks) : state.blocks,
  }
  const next = withLeft(
    withJoined(known, joined),
    left.map(({ channelId }) => channelId),
  )
  const kept = moreDrafts ? { ...next, drafts: {} } : deletedDrafts.reduce(withoutDraft, next)
  return drafts.reduce(withDraft, kept)
}

const withJoined = (state: OwnState, items: readonly Item[]): OwnState => ({
  ...state,
  channels: { ...state.channels, ...channelsOf(items) },
})

/** DRAFT-6: the drafts in a channel go with the membership. */
const withLeft = (state: OwnState, ids: readonly string[]): OwnState => ({
  ...state,
  channels: without(state.channels, ids),
  drafts: Object.fromEntries(
    Object.entries(state.drafts).filter(([, { channelId }]) => !ids.includes(channelId)),
  ),
})

function withScheduled(state: OwnState, { scheduled, channelId, clientId }: Change): OwnState {
  if (scheduled) return { ...state, scheduled: { ...state.scheduled, ...versionsOf([scheduled]) } }
  if (channelId === undefined || clientId === undefined) return state
  return { ...state, scheduled: without(state.scheduled, [keyOf({ channelId, clientId })]) }
}

const without = <Value>(all: Readonly<Record<string, Value>>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)))

interface Proven {
  readonly position: Position
  readonly state: OwnState
}

interface Beginning extends Proven {
  /** Where the law held last, for a copy that goes on where another stopped. */
  readonly proven?: Proven
}

/** The own stream as one connection follows it. */
export class OwnCopy {
  state: OwnState
  /** The last place at which the law held, with what the copy was then. */
  proven: Proven
  readonly told: Told[] = []
  readonly #follower = new Follower((frame) => this.#apply(frame))

  constructor({ state, position, proven = { position, state } }: Beginning) {
    this.state = state
    this.proven = proven
    this.#follower.begin(position)
  }

  get position(): Position {
    return this.#follower.position ?? this.proven.position
  }

  receive(frame: RangeFrame): void {
    this.#follower.receive(frame)
  }

  #apply(frame: RangeFrame): void {
    for (const event of toldBy(frame)) {
      this.told.push(event)
      this.state = withOwnEvent(this.state, event)
    }
  }
}
