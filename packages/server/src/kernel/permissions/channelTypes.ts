import { type ChannelRole, LIMITS, type SlowMode, type SystemEvent } from '@tertulia/protocol'

/** What can be done to a channel. Creating one has its own rule, since there is nothing to have a role in yet. */
export type Action =
  | 'channel.see'
  | 'channel.read'
  | 'channel.join'
  | 'channel.leave'
  | 'channel.update'
  /** Slow mode, freezing, and whatever else keeps order in it. */
  | 'channel.moderate'
  | 'channel.delete'
  | 'channel.truncate'
  | 'member.add'
  | 'member.remove'
  | 'member.update'
  | 'message.send'
  /** As fast as they like, in slow mode too. */
  | 'message.sendFast'
  /** And whatever else freezing stops for the others. */
  | 'message.sendFrozen'
  | 'message.react'
  | 'message.changeOwn'
  | 'message.deleteAny'
  | 'message.pin'
  | 'message.mentionChannel'
  | 'event.send'

/** Who may: anyone with a token, or members with one of these roles. */
export type Grant = 'anyone' | readonly ChannelRole[]

/**
 * How people react to a message: with one thing, whose place the next one takes (`one`); once with each of several
 * (`oneOfEach`); as often with each as they like, up to the limit `reactionScore` (`many`); or not at all.
 */
export type ReactionMode = 'none' | 'one' | 'oneOfEach' | 'many'

export interface ChannelTypeConfig {
  /** Who creates one: any user, or only the app's server. */
  readonly create: 'user' | 'server'
  /** A set of people that never changes and is unique. */
  readonly direct: boolean
  /** Whether `channel.find` shows it. */
  readonly findable: boolean
  /** What new members see of the past, unless the channel says otherwise. */
  readonly history: 'all' | 'sinceJoin'
  /** What new channels begin with; null for none. */
  readonly slowMode: SlowMode | null
  readonly reactions: ReactionMode
  /** Up to so many members everybody sees how far their messages came to the others; 0 for never. */
  readonly receiptsUpTo: number
  /** Whether people see who types. */
  readonly typing: boolean
  /** Which changes are told by a system message. */
  readonly systemMessages: readonly SystemEvent[]
  /** ms over which the events of a channel are gathered into one frame for who watches it; 0 to tell each at once. */
  readonly windowMs: number
  /**
   * Of the messages that members without a special role and viewers write, so many per second are told to who watches;
   * the others stand in the history alone. Null for all. Only where events are told in windows.
   */
  readonly shownPerSecond: number | null
  readonly grants: { readonly [A in Action]: Grant }
}

export type ChannelTypes = Readonly<Record<string, ChannelTypeConfig>>

const ALL = ['owner', 'moderator', 'member'] as const
const MODERATORS = ['owner', 'moderator'] as const
const OWNER = ['owner'] as const
const NOBODY = [] as const

const group: ChannelTypeConfig = {
  create: 'user',
  direct: false,
  findable: false,
  history: 'all',
  slowMode: null,
  reactions: 'oneOfEach',
  receiptsUpTo: 100,
  typing: true,
  systemMessages: ['joined', 'left', 'renamed', 'pinned'],
  windowMs: 0,
  shownPerSecond: null,
  grants: {
    'channel.see': ALL,
    'channel.read': ALL,
    'channel.join': NOBODY,
    'channel.leave': ALL,
    'channel.update': MODERATORS,
    'channel.moderate': MODERATORS,
    'channel.delete': OWNER,
    'channel.truncate': OWNER,
    'member.add': ALL,
    'member.remove': MODERATORS,
    'member.update': OWNER,
    'message.send': ALL,
    'message.sendFast': MODERATORS,
    'message.sendFrozen': MODERATORS,
    'message.react': ALL,
    'message.changeOwn': ALL,
    'message.deleteAny': MODERATORS,
    'message.pin': MODERATORS,
    'message.mentionChannel': MODERATORS,
    'event.send': ALL,
  },
}

/** The table of grants of `docs/decisions/0001-foundations.md`. An app may replace or add types. */
export const defaultChannelTypes: ChannelTypes = {
  group,
  direct: {
    ...group,
    direct: true,
    systemMessages: ['pinned'],
    grants: {
      ...group.grants,
      'channel.leave': NOBODY,
      'channel.update': NOBODY,
      'channel.moderate': NOBODY,
      'channel.delete': NOBODY,
      'channel.truncate': NOBODY,
      'member.add': NOBODY,
      'member.remove': NOBODY,
      'member.update': NOBODY,
      'message.deleteAny': NOBODY,
      // Nobody has a rank there: what one of them keeps at hand, the other may take away.
      'message.pin': ALL,
      'message.mentionChannel': ALL,
    },
  },
  public: {
    ...group,
    create: 'server',
    findable: true,
    // Who comes and goes would drown what people say in a room that anybody may join.
    systemMessages: ['renamed', 'pinned'],
    grants: {
      ...group.grants,
      'channel.see': 'anyone',
      'channel.join': 'anyone',
      'member.add': MODERATORS,
    },
  },
  live: {
    ...group,
    slowMode: { seconds: 3, burst: 1 },
    receiptsUpTo: 0,
    create: 'server',
    typing: false,
    systemMessages: [],
    windowMs: LIMITS.windowMs,
    shownPerSecond: LIMITS.shownPerSecond,
    grants: {
      ...group.grants,
      'channel.see': 'anyone',
      'channel.read': 'anyone',
      'channel.join': 'anyone',
      'member.add': MODERATORS,
      'message.send': 'anyone',
      'message.react': 'anyone',
      'message.changeOwn': 'anyone',
    },
  },
}
