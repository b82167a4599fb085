import type {
  Arrangement,
  ChannelListItem,
  ReadState,
  ScheduledMark,
  User,
  UserSync,
} from '@tertulia/protocol'
import type { StreamCopy, ToldEvent } from './follower.ts'

type Delta = Extract<UserSync, { status: 'delta' }>
type Reset = Extract<UserSync, { status: 'reset' }>

export interface OwnCopyOptions {
  readonly joined: (channelId: string) => void
  readonly left: (channelId: string) => void
}

/** One channel of the list, as much of it as the own stream tells: what is left to read changes without it. */
export interface Listed extends Pick<ChannelListItem, 'channel' | 'me' | 'arrangement'> {
  readonly read: Pick<ReadState, 'seq' | 'unreadFrom'> | null
}

/** Who joins has chosen nothing (ARR-8). */
const NOTHING: Arrangement = { muted: null, pinnedAt: null, hiddenUpTo: null, archivedAt: null }

interface Told extends Partial<Omit<Listed, 'read'>> {
  readonly user?: User
  readonly channelId?: string
  readonly clientId?: string
  readonly seq?: number
  readonly read?: ReadState
  readonly scheduled?: ScheduledMark
}

const keyOf = ({ channelId, clientId }: Omit<ScheduledMark, 'version'>): string =>
  `${channelId}/${clientId}`

/** What one device holds of the own stream: the profile, the list of channels, and what is scheduled. */
export class OwnCopy implements StreamCopy<Delta, Reset> {
  readonly list = new Map<string, Listed>()
  /** The version of each scheduled message. */
  readonly scheduled = new Map<string, number>()
  user: User | null = null
  resets = 0
  readonly #options: OwnCopyOptions

  constructor(options: OwnCopyOptions) {
    this.#options = options
  }

  applyEvent({ name, data }: ToldEvent): void {
    const told = data as Told
    const { channel, me, seq = 0, channelId = '', clientId = '', read, arrangement } = told
    if (name === 'user.updated' && told.user) this.user = told.user
    if (name === 'channel.joined' && channel && me)
      this.#join(channel.id, { channel, me, read: { seq, unreadFrom: null }, arrangement: NOTHING })
    if (name === 'channel.left') this.#leave(channelId)
    if (name === 'unread.changed' && read) this.#change(channelId, { read })
    if (name === 'channel.arranged' && arrangement) this.#change(channelId, { arrangement })
    if (told.scheduled) this.scheduled.set(keyOf(told.scheduled), told.scheduled.version)
    if (name === 'scheduled.ended') this.scheduled.delete(keyOf({ channelId, clientId }))
  }

  #schedule(marks: readonly ScheduledMark[]): void {
    this.scheduled.clear()
    for (const mark of marks) this.scheduled.set(keyOf(mark), mark.version)
  }

  #change(id: string, { read, ...change }: Partial<Pick<Listed, 'read' | 'arrangement'>>): void {
    const listed = this.list.get(id)
    if (listed) this.list.set(id, { ...listed, ...change, ...(read ? { read: markOf(read) } : {}) })
  }

  extendTo(): void {}

  skipTo(): void {}

  applyDelta({ user, joined, left, scheduled }: Delta): void {
    if (user) this.user = user
    this.#schedule(scheduled)
    for (const item of joined) this.#join(item.channel.id, item)
    for (const { channelId } of left) this.#leave(channelId)
  }

  /** The list is complete: the simulation has fewer channels than fit into one reset. */
  applyReset({ user, joined, scheduled }: Reset): void {
    this.resets++
    this.user = user
    this.#schedule(scheduled)
    const kept = new Set(joined.map(({ channel }) => channel.id))
    for (const id of [...this.list.keys()]) if (!kept.has(id)) this.#leave(id)
    for (const item of joined) this.#join(item.channel.id, item)
  }

  #join(id: string, { channel, me, read, arrangement }: Listed): void {
    this.list.set(id, { channel, me, read: read && markOf(read), arrangement })
    this.#options.joined(id)
  }

  #leave(id: string): void {
    this.list.delete(id)
    this.#options.left(id)
  }
}

const markOf = ({ seq, unreadFrom }: Pick<ReadState, 'seq' | 'unreadFrom'>) => ({ seq, unreadFrom })
