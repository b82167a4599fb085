import type { Channel, Member, Message, MessageReactions, MessageThread } from '@tertulia/protocol'
import { standsInChannel } from '../client/messageParts.ts'
import type { LoggedEvent } from '../store/committed.ts'
import { demand } from './violation.ts'

/** Everything that a message ever was. */
export interface MessageLife {
  readonly id: string
  readonly seq: number
  readonly author: string | null
  readonly clientId: string
  /** Who sees the message at this seq sees this one: for a reply in its thread alone, the root. */
  readonly subjectSeq: number
  readonly inChannel: boolean
  /** By version, oldest first. */
  readonly states: Message[]
  readonly reactions: MessageReactions[]
  readonly threads: MessageThread[]
}

/** One stay of a user in a channel: from the event of joining up to, and without, the event of leaving. */
export interface Stay {
  readonly from: number
  readonly visibleFrom: number
  until: number
}

/** What was committed in a channel, event by event, in one epoch of the store. */
export class ChannelHistory {
  readonly id: string
  readonly events: LoggedEvent[] = []
  /** By seq. */
  readonly messages: MessageLife[] = []
  readonly byMessage = new Map<string, MessageLife>()
  readonly byClientId = new Map<string, MessageLife>()
  readonly stays = new Map<string, Stay[]>()
  /** The last state of every membership. */
  readonly members = new Map<string, Member>()
  isDeleted = false
  /** Every truncation: at which position, and up to where. */
  readonly #floors: { readonly at: number; readonly floor: number }[] = []
  #policy: Channel['history'] = 'all'

  constructor(id: string) {
    this.id = id
  }

  get head(): number {
    return this.events.length
  }

  add(event: LoggedEvent): void {
    demand(
      event.seq === this.head + 1,
      'I-3',
      () => `channel ${this.id}: ${event.seq} was stored after ${this.head}`,
    )
    this.events.push(event)
    const { channel, message, member, messageId, thread } = event.data
    if (event.name === 'channel.deleted') this.isDeleted = true
    if (channel) this.#policy = channel.history
    if (channel && event.name === 'channel.truncated')
      this.#floors.push({ at: event.seq, floor: channel.floor })
    if (message) this.#addMessage(event, message)
    if (member) this.#addMember(event, member)
    if (messageId) this.byMessage.get(messageId)?.reactions.push(event.data as MessageReactions)
    if (thread) this.byMessage.get(thread.rootId)?.threads.push(thread)
  }

  #addMessage({ seq, name }: LoggedEvent, message: Message): void {
    demand(
      message.version === seq,
      'I-3',
      () => `message ${message.id}: version ${message.version} at seq ${seq}`,
    )
    if (name !== 'message.created') {
      this.byMessage.get(message.id)?.states.push(message)
      return
    }
    const key = `${message.author}/${message.clientId}`
    demand(!this.byClientId.has(key), 'I-2', () => `${key} is in channel ${this.id} twice`)
    demand(message.seq === seq, 'I-3', () => `message ${message.id}: seq ${message.seq} at ${seq}`)
    const { id, author, clientId } = message
    const inChannel = standsInChannel(message)
    const root = this.byMessage.get(message.threadRootId ?? '')
    const life: MessageLife = {
      id,
      seq,
      author,
      clientId,
      subjectSeq: inChannel ? seq : (root?.seq ?? seq),
      inChannel,
      states: [message],
      reactions: [],
      threads: [],
    }
    this.messages.push(life)
    this.byMessage.set(id, life)
    this.byClientId.set(key, life)
  }

  #addMember({ seq, name }: LoggedEvent, member: Member): void {
    this.members.set(member.userId, member)
    const stays = this.stays.get(member.userId) ?? []
    this.stays.set(member.userId, stays)
    const last = stays.at(-1)
    if (name === 'member.joined')
      stays.push({
        from: seq,
        visibleFrom: this.#policy === 'all' ? 0 : seq,
        until: Number.POSITIVE_INFINITY,
      })
    else if (last && member.state !== 'joined') last.until = Math.min(last.until, seq)
  }

  /** Up to where everything was truncated at a position. */
  /** Whether it tells content in windows, and not event by event: the simulated server makes `public` so. */
  get tellsInWindows(): boolean {
    return this.events[0]?.data.channel?.type === 'public'
  }

  floorAt(seq: number): number {
    return this.#floors.findLast(({ at }) => at <= seq)?.floor ?? 0
  }

  /** The stay of a user that covers a position. */
  stayAt(userId: string, seq: number): Stay | undefined {
    return this.stays.get(userId)?.find(({ from, until }) => from <= seq && seq < until)
  }

  /** Whether this is what the message was at its version. */
  knows(message: Message): boolean {
    const life = this.byMessage.get(message.id)
    const state = life?.states.find(({ version }) => version === message.version)
    return (
      state !== undefined &&
      isSame(contentOf(state), contentOf(message)) &&
      knowsRest(life, message)
    )
  }
}

const contentOf = ({ reactions: _, reactionsVersion: __, thread: ___, ...content }: Message) =>
  content

function knowsRest(life: MessageLife | undefined, message: Message): boolean {
  const { reactions, reactionsVersion: version, thread } = message
  const reacted = life?.reactions.find(({ reactionsVersion }) => reactionsVersion === version)
  if (!isSame(version === 0 ? {} : reacted?.reactions, reactions)) return false
  if (!thread) return true
  const told = life?.threads.find((one) => one.version === thread.version)
  if (!told) return false
  const { rootId: _, rootSeq: __, ...summary } = told
  return isSame(summary, thread)
}

/** The versions that its reactions and its thread had at a position; 0 for none. */
export const restAt = ({ reactions, threads }: MessageLife, seq: number) => ({
  reactions:
    reactions.findLast(({ reactionsVersion }) => reactionsVersion <= seq)?.reactionsVersion ?? 0,
  thread: threads.findLast(({ version }) => version <= seq)?.version ?? 0,
})

/** The state that was in force at a position. */
export function stateAt({ states }: MessageLife, seq: number): Message | undefined {
  for (let index = states.length - 1; index >= 0; index--) {
    const state = states[index]
    if (state && state.version <= seq) return state
  }
  return undefined
}

/** What still waited to be told of it may have been taken back by something newer, which is told later (LIVE-3). */
export const isOvertaken = ({ states }: MessageLife, seq: number): boolean =>
  (states.at(-1)?.version ?? 0) > seq

/** Rows are compared by what they say: nobody changes them in place, so the very same object needs no look. */
export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other) || ordered(one) === ordered(other)

const ordered = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
