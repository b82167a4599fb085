import type {
  Channel,
  ChannelSync,
  Me,
  Member,
  Message,
  MessageReactions,
  MessageThread,
  User,
} from '@tertulia/protocol'
import type { StreamCopy, ToldEvent } from './follower.ts'
import { newestParts, newestVersion, standsInChannel } from './messageParts.ts'
import { Ranges } from './ranges.ts'

type Delta = Extract<ChannelSync, { status: 'delta' }>
type Reset = Extract<ChannelSync, { status: 'reset' }>

/** A page of `message.history`. */
export interface HistoryPage {
  readonly messages: readonly Message[]
  readonly epoch: number
  readonly through: number
  readonly low: number
  readonly high: number
}

/** Whether a message came by its own event, or as a row of a delta, a reset or a page. */
export type Arrival = 'event' | 'row'

export interface ChannelCopyOptions {
  readonly id: string
  readonly userId: string
  /** A message is in the store now. */
  readonly stored: (message: Message, arrival: Arrival) => void
  /** `channel.deleted`: the last event of the channel. */
  readonly deleted: () => void
}

/** Resets after which older ranges may be kept (SYNC-7). */
const KEEPING = new Set(['first', 'too_far', 'floor'])

/** What one device holds of a channel. */
export class ChannelCopy implements StreamCopy<Delta, Reset> {
  readonly id: string
  readonly messages = new Map<string, Message>()
  readonly members = new Map<string, Member>()
  readonly people = new Map<string, User>()
  readonly ranges = new Ranges()
  channel: Channel | null = null
  me: Me | null = null
  /** Counts the resets: rows may only go, and the cursor may only go back, with one. */
  resets = 0
  readonly #options: ChannelCopyOptions
  readonly #holes: { readonly after: number; readonly upTo: number }[] = []

  constructor(options: ChannelCopyOptions) {
    this.id = options.id
    this.#options = options
  }

  applyEvent(event: ToldEvent): void {
    const { data } = event as { data: Told }
    if (data.message) this.#keepMessage(data.message, 'event')
    if (data.member) this.#keepMember(data.member)
    if (data.channel) this.#keepChannel(data.channel)
    if (data.memberCount !== undefined) this.#countMembers(data.memberCount, event.seq)
    if (data.reactionsVersion !== undefined) this.#keepReactions(data as MessageReactions)
    if (data.thread) this.keepThread(data.thread)
    if (event.name === 'channel.deleted') this.#options.deleted()
  }

  extendTo(seq: number): void {
    this.ranges.extendTo(seq)
  }

  skipTo(seq: number, after: number): void {
    this.ranges.skipTo(seq)
    this.#holes.push({ after, upTo: seq })
  }

  /** Whether a place lies where a frame said that something was left out. */
  wasLeftOut(seq: number): boolean {
    return this.#holes.some(({ after, upTo }) => seq > after && seq <= upTo)
  }

  applyDelta({ messages, members, channel, users, reactions, threads }: Delta): void {
    if (channel) this.#keepChannel(channel)
    for (const message of messages) this.#keepMessage(message, 'row')
    for (const one of reactions) this.#keepReactions(one)
    for (const thread of threads) this.keepThread(thread)
    for (const member of members) this.#keepMember(member)
    this.#replacePeople(users)
  }

  applyReset(reset: Reset): void {
    this.resets++
    if (reset.purge || !KEEPING.has(reset.reason)) {
      this.messages.clear()
      this.ranges.dropAll()
    } else {
      this.#dropNewerThan(reset.through)
      for (const id of reset.tombstones) this.#empty(id)
    }
    this.members.clear()
    this.people.clear()
    this.channel = reset.channel
    this.#dropTruncated()
    this.me = reset.me
    this.#replacePeople(reset.users)
    for (const message of reset.messages) this.#keepMessage(message, 'row')
    this.ranges.startOver({ low: lowOf(reset), high: reset.through })
  }

  applyPage({ messages, low, high }: HistoryPage): void {
    for (const message of messages) this.#keepMessage(message, 'row')
    this.ranges.addPage({ low, high })
  }

  /** Live frames may have come in between: the cursor goes back to the reset, and with it all that is newer. */
  #dropNewerThan(seq: number): void {
    for (const message of this.messages.values())
      if (newestVersion(message) > seq) this.messages.delete(message.id)
  }

  /** Of two copies the one with the higher version is the newer one (SEQ-5). */
  protected isNewer(version: number, kept: number | undefined): boolean {
    return kept === undefined || version > kept
  }

  /** What lies below the floor of the channel, and every thread with its root (TRUNC-3). */
  #dropTruncated(): void {
    if (!this.channel?.floor) return
    for (const { id, seq } of this.messages.values())
      if (this.isTruncated(seq)) this.messages.delete(id)
    for (const message of this.messages.values())
      if (!standsInChannel(message) && !this.messages.has(message.threadRootId ?? ''))
        this.messages.delete(message.id)
  }

  protected isTruncated(seq: number): boolean {
    return seq <= (this.channel?.floor ?? 0)
  }

  #keepMessage(message: Message, arrival: Arrival): void {
    if (this.isTruncated(message.seq)) return
    const isNewer = this.isNewer.bind(this)
    this.messages.set(message.id, newestParts(this.messages.get(message.id), message, isNewer))
    const { channel } = this
    const counts = message.kind !== 'system' && standsInChannel(message)
    if (channel && counts && message.createdAt > (channel.lastMessageAt ?? 0))
      this.channel = { ...channel, lastMessageAt: message.createdAt }
    this.#options.stored(message, arrival)
  }

  /** A tombstone has none, and no later ones bring any back (REACT-4). */
  #keepReactions({ messageId, reactions, reactionsVersion }: MessageReactions): void {
    const message = this.messages.get(messageId)
    if (!message || message.deletedAt !== undefined) return
    if (this.isNewer(reactionsVersion, message.reactionsVersion))
      this.messages.set(messageId, { ...message, reactions, reactionsVersion })
  }

  protected keepThread({ rootId, rootSeq: _, ...thread }: MessageThread): void {
    const root = this.messages.get(rootId)
    if (root && this.isNewer(thread.version, root.thread?.version))
      this.messages.set(rootId, { ...root, thread })
  }

  #keepMember(member: Member): void {
    if (!this.isNewer(member.version, this.members.get(member.userId)?.version)) return
    this.members.set(member.userId, member)
    if (member.userId === this.#options.userId && this.me)
      this.me = { ...this.me, role: member.role, state: member.state, version: member.version }
  }

  /** `lastMessageAt` has no version of its own: it only grows. */
  #keepChannel(channel: Channel): void {
    if (!this.isNewer(channel.version, this.channel?.version)) return
    const lastMessageAt = Math.max(channel.lastMessageAt ?? 0, this.channel?.lastMessageAt ?? 0)
    this.channel = { ...channel, lastMessageAt: lastMessageAt || null }
    this.#dropTruncated()
  }

  #countMembers(memberCount: number, seq: number): void {
    if (this.channel && seq > this.channel.version)
      this.channel = { ...this.channel, memberCount, version: seq }
  }

  #empty(id: string): void {
    const message = this.messages.get(id)
    if (message) this.messages.set(id, { ...message, text: null, mentions: [], custom: {} })
  }

  #replacePeople(users: readonly User[]): void {
    for (const user of users) this.people.set(user.id, user)
  }
}

interface Told extends Partial<MessageReactions> {
  readonly thread?: MessageThread
  readonly message?: Message
  readonly member?: Member
  readonly channel?: Channel
  readonly memberCount?: number
}

const lowOf = ({ hasOlder, messages, through }: Reset): number =>
  hasOlder ? (messages[0]?.seq ?? through) : 0
