import type {
  Channel,
  ChannelSync,
  DataOf,
  Me,
  Member,
  Message,
  MessageReactions,
  MessageThread,
  Pin,
  ReactionCounts,
  reactionChanged,
  User,
} from '@tertulia/protocol'

type Rows<Row> = Readonly<Record<string, Row>>

/** What a client holds of a channel. Members are those who are in it now and, as far as it heard of them, who was. */
export interface ChannelState {
  readonly channel: Channel
  readonly me: Me | null
  /** Whose copy it is. */
  readonly viewer: string
  readonly messages: Rows<Message>
  readonly members: Rows<Member>
  /** By message. */
  readonly pins: Rows<Pin>
  /** The own reactions, by message. */
  readonly own: Rows<ReactionCounts>
}

export type Reset = Extract<ChannelSync, { status: 'reset' }>
export type Delta = Extract<ChannelSync, { status: 'delta' }>

/** One event of a channel's stream, as far as a copy needs it. */
export interface Told {
  readonly seq: number
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

export function stateOfReset(
  { channel, me, messages, ownReactions, pins }: Reset,
  members: readonly Member[],
  viewer: string,
): ChannelState {
  return {
    channel,
    me,
    viewer,
    messages: Object.fromEntries(messages.map((message) => [message.id, message])),
    members: Object.fromEntries(members.map((member) => [member.userId, member])),
    own: ownReactions,
    pins: pinsBy(pins),
  }
}

const pinsBy = (pins: readonly Pin[]): Rows<Pin> =>
  Object.fromEntries(pins.map((pin) => [pin.messageId, pin]))

interface Change {
  readonly seq: number
  readonly channel?: Channel
  readonly message?: Message
  readonly thread?: MessageThread
  readonly pin?: Pin
  readonly messageId?: string
  readonly member?: Member
  readonly memberCount?: number
  readonly user?: User
}

/** Section 7 and 18 of SPEC.md: what an event changes. */
export function withEvent(state: ChannelState, { seq, name, data }: Told): ChannelState {
  const change: Change = { ...data, seq }
  const { channel, message, thread, member, memberCount } = change
  if (name === 'reaction.changed')
    return withReactionEvent(state, data as unknown as ReactionsChanged)
  let next = state
  if (channel) next = withChannel(next, channel)
  if (message) next = withMessage(next, message)
  if (message?.deletedAt !== undefined) next = withoutPin(withOwn(next, message.id, {}), message.id)
  if (change.pin) next = withPin(next, change.pin)
  if (name === 'message.unpinned' && change.messageId) next = withoutPin(next, change.messageId)
  if (thread) next = withThread(next, thread)
  if (message && name === 'message.created') next = withActivity(next, message)
  if (member) next = withMember(next, member)
  if (memberCount !== undefined)
    next = { ...next, channel: { ...next.channel, memberCount, version: seq } }
  return next
}

/** Section 8 of SPEC.md: what a delta changes. */
export function withDelta(
  state: ChannelState,
  { channel, messages, members, reactions, threads, ownReactions, pins }: Delta,
): ChannelState {
  let next = channel ? withChannel(state, channel) : state
  for (const message of messages) next = withActivity(withMessage(next, message), message)
  for (const thread of threads) next = withThread(next, thread)
  for (const one of reactions) next = withReactions(next, one)
  for (const member of members) next = withMember(next, member)
  const named = [...messages.map(({ id }) => id), ...reactions.map(({ messageId }) => messageId)]
  for (const id of named) next = withOwn(next, id, ownReactions[id] ?? {})
  // PIN-5: all of them, or nothing changed.
  return pins ? { ...next, pins: pinsBy(pins) } : next
}

const withPin = (state: ChannelState, pin: Pin): ChannelState => ({
  ...state,
  pins: { ...state.pins, [pin.messageId]: pin },
})

function withoutPin(state: ChannelState, id: string): ChannelState {
  const { [id]: _, ...pins } = state.pins
  return { ...state, pins }
}

function withChannel(state: ChannelState, channel: Channel): ChannelState {
  if (!isNewer(channel, state.channel)) return state
  const next = { ...state, channel }
  return channel.floor > state.channel.floor ? aboveFloor(next) : next
}

/** TRUNC-3: what lies below the floor goes, and with it the replies to it that stand in their thread alone. */
function aboveFloor(state: ChannelState): ChannelState {
  const { floor } = state.channel
  const isKept = (message: Message | undefined): boolean =>
    message !== undefined &&
    message.seq > floor &&
    (standsInChannel(message) || isKept(state.messages[message.threadRootId ?? '']))
  const kept = <Row>(rows: Rows<Row>): Rows<Row> =>
    Object.fromEntries(Object.entries(rows).filter(([id]) => isKept(state.messages[id])))
  const pins = Object.entries(state.pins).filter(([, { messageSeq }]) => messageSeq > floor)
  return {
    ...state,
    messages: kept(state.messages),
    own: kept(state.own),
    pins: Object.fromEntries(pins),
  }
}

const isNewer = (
  row: { readonly version: number },
  kept: { readonly version: number } | undefined,
): boolean => kept === undefined || row.version > kept.version

/** REACT-4: content and reactions of a message have a version each. A tombstone has no reactions. */
function withMessage(state: ChannelState, message: Message): ChannelState {
  if (message.seq <= state.channel.floor) return state
  const kept = state.messages[message.id]
  const content = kept && !isNewer(message, kept) ? kept : message
  const { reactions, reactionsVersion } =
    kept && kept.reactionsVersion > message.reactionsVersion ? kept : message
  const row =
    content.deletedAt === undefined ? { ...content, reactions, reactionsVersion } : content
  const thread = newestThread(kept, message)
  return {
    ...state,
    messages: { ...state.messages, [message.id]: thread ? { ...row, thread } : row },
  }
}

function newestThread(kept: Message | undefined, message: Message): Message['thread'] {
  if (!kept?.thread || !message.thread) return message.thread ?? kept?.thread
  return kept.thread.version > message.thread.version ? kept.thread : message.thread
}

type ReactionsChanged = DataOf<typeof reactionChanged>

function withReactionEvent(state: ChannelState, told: ReactionsChanged): ChannelState {
  const { messageId, changes } = told
  const mine = changes.filter(({ userId }) => userId === state.viewer)
  const own = { ...state.own[messageId] }
  for (const { emoji, score } of mine) {
    if (score > 0) own[emoji] = score
    else delete own[emoji]
  }
  return withOwn(withReactions(state, told), messageId, own)
}

/** What one has on a message; nothing on a message that is deleted or not known. */
function withOwn(state: ChannelState, id: string, reactions: ReactionCounts): ChannelState {
  const { [id]: _, ...others } = state.own
  const message = state.messages[id]
  const isNone = Object.keys(reactions).length === 0 || message?.deletedAt !== undefined
  return { ...state, own: isNone || !message ? others : { ...others, [id]: reactions } }
}

function withReactions(state: ChannelState, told: MessageReactions): ChannelState {
  const kept = state.messages[told.messageId]
  const { reactions, reactionsVersion } = told
  return kept ? withMessage(state, { ...kept, reactions, reactionsVersion }) : state
}

/** THREAD-4: the summary of a thread has a version of its own. */
function withThread(state: ChannelState, told: MessageThread): ChannelState {
  const { rootId, rootSeq: _, ...thread } = told
  const root = state.messages[rootId]
  if (!root || (root.thread && root.thread.version >= thread.version)) return state
  return { ...state, messages: { ...state.messages, [rootId]: { ...root, thread } } }
}

const standsInChannel = ({ threadRootId, alsoInChannel }: Message): boolean =>
  threadRootId === undefined || alsoInChannel === true

/** SEQ-12: the time of the last message follows from what people say in the channel. */
function withActivity(state: ChannelState, message: Message): ChannelState {
  const { createdAt, kind } = message
  if (kind === 'system' || !standsInChannel(message)) return state
  if (createdAt <= (state.channel.lastMessageAt ?? -1)) return state
  return { ...state, channel: { ...state.channel, lastMessageAt: createdAt } }
}

function withMember(state: ChannelState, member: Member): ChannelState {
  if (!isNewer(member, state.members[member.userId])) return state
  const members = { ...state.members, [member.userId]: member }
  const me = state.me?.userId === member.userId ? { ...state.me, ...member } : state.me
  return { ...state, members, me }
}

/** The part of a copy that a new snapshot shows: its window of messages, and the present members. */
export function comparable(state: ChannelState, window: Reset): object {
  const low = window.hasOlder ? (window.messages[0]?.seq ?? 0) : 0
  return {
    channel: state.channel,
    // Who left a channel that anyone reads is a reader like others.
    me: state.me?.state === 'joined' ? state.me : null,
    messages: Object.values(state.messages)
      .filter((message) => message.seq >= low && standsInChannel(message))
      .sort((a, b) => a.seq - b.seq),
    own: Object.fromEntries(
      Object.entries(state.own).filter(([id]) => {
        const message = state.messages[id]
        return message && message.seq >= low && standsInChannel(message)
      }),
    ),
    pins: state.pins,
    members: Object.values(state.members)
      .filter(({ state }) => state === 'joined')
      .sort((a, b) => (a.userId < b.userId ? -1 : 1)),
  }
}
