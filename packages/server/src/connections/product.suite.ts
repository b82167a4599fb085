import { type ChannelSync, ChatError, type MessagePreview, type User } from '@tertulia/protocol'
import type { AccessChange, Omission, StreamAnnouncement } from '../ports/bus.ts'
import type {
  Call,
  Identities,
  Opening,
  OpeningQuestion,
  Operations,
  Session,
  StreamReader,
  Windowing,
} from '../ports/product.ts'

interface Change {
  readonly subjectSeq?: number
  readonly access?: readonly AccessChange[]
  readonly closes?: boolean
  readonly gate?: 'shut' | 'opened'
  readonly last?: MessagePreview
  readonly floor?: number
  /** Pads the frame to about this size. */
  readonly bytes?: number
  readonly mergeKey?: string
  readonly changes?: readonly string[]
  readonly omission?: Omission
  readonly contentKey?: string
  readonly takesBack?: readonly string[]
}

interface FakeChannel {
  seq: number
  memberCount: number
  open: boolean
  window: Windowing | null
  /** By uid, with the seq from which on they see. */
  readonly members: Map<string, number>
}

/** A question to the stream reader that a test answers in its own time. */
export interface PendingRead {
  readonly question: OpeningQuestion
  /** Reads now; without it the answer reads when it is given. */
  snapshot(): void
  answer(): void
  fail(error: unknown): void
}

/** Three ports of the product over a few maps: what the store would say, without a store. */
export class FakeProduct implements Operations, Identities, StreamReader {
  epoch = 1
  readonly channels = new Map<string, FakeChannel>()
  readonly calls: Call[] = []
  readonly reads: PendingRead[] = []
  /** True: reads wait for the test. */
  holdReads = false
  tokenLifeMs = 3_600_000
  answerCall: (call: Call) => Promise<unknown> = async ({ op }) => ({ did: op })
  readonly #userSeqs = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  channel(id: string, members: Readonly<Record<string, number>>): FakeChannel {
    const channel: FakeChannel = {
      seq: 1,
      memberCount: Object.keys(members).length,
      open: true,
      window: null,
      members: new Map(Object.entries(members).map(([name, from]) => [uidOf(name), from])),
    }
    this.channels.set(id, channel)
    return channel
  }

  /** Commits one event; the test announces it when it likes. */
  commit(id: string, change: Change = {}): StreamAnnouncement {
    const channel = this.channels.get(id)
    if (!channel) throw new Error(`There is no channel ${id}.`)
    for (const access of change.access ?? []) {
      if (access.kind === 'revoked') channel.members.delete(access.uid)
      else channel.members.set(access.uid, access.visibleFrom)
    }
    if (change.closes) channel.open = false
    if (change.gate === 'opened') channel.open = true
    channel.seq++
    return this.#announcement({ stream: id, owner: 'channel', name: id }, channel, change)
  }

  /** Commits one event of a user's own stream. */
  commitOwn(name: string): StreamAnnouncement {
    const uid = uidOf(name)
    const seq = (this.#userSeqs.get(uid) ?? 0) + 1
    this.#userSeqs.set(uid, seq)
    return this.#announcement(
      { stream: uid, owner: 'user', name: '@me' },
      { seq, memberCount: 0 },
      {},
    )
  }

  #announcement(
    about: { readonly stream: string; readonly owner: 'channel' | 'user'; readonly name: string },
    { seq, memberCount }: { readonly seq: number; readonly memberCount: number },
    change: Change,
  ): StreamAnnouncement {
    const { subjectSeq, access, closes, gate, last, floor, bytes, mergeKey, changes } = change
    const { stream, owner, name } = about
    const place = { epoch: this.epoch, prev: seq - 1, seq }
    const data = { pad: 'x'.repeat(bytes ?? 0), ...(changes ? { changes } : {}) }
    const frame = {
      type: 'event',
      channel: name,
      ...place,
      at: 1,
      name: 'message.created',
      by: null,
      data,
    }
    return {
      kind: 'event',
      stream,
      owner,
      ...place,
      frame: JSON.stringify(frame),
      subjectSeq: subjectSeq ?? null,
      access: access ?? [],
      closes: closes ?? false,
      gate: gate ?? null,
      memberCount,
      last: last ?? null,
      mergeKey: mergeKey ?? null,
      ordinal: null,
      omission: change.omission ?? null,
      contentKey: change.contentKey,
      takesBack: change.takesBack,
      floor: floor ?? null,
    }
  }

  async call(call: Call): Promise<unknown> {
    this.calls.push(call)
    return this.answerCall(call)
  }

  /** `alice` or `alice/old`: the token of a user, and with a suffix one that was issued earlier. */
  async userByToken(token: string): Promise<Session> {
    const [name = '', age] = token.split('/')
    if (name === 'expired') throw new ChatError('token_expired')
    if (name === 'gone') throw new ChatError('user.deactivated')
    if (name === 'nobody') throw new ChatError('unauthenticated')
    const actor = { kind: 'user', uid: uidOf(name), id: name } as const
    const expiresAt = this.#now() + this.tokenLifeMs
    return { actor, issuedAt: age === 'old' ? 1000 : 2000, expiresAt }
  }

  userByTicket(ticket: string): Promise<Session> {
    return this.userByToken(ticket.replace('ticket-of-', ''))
  }

  open(
    actor: { readonly uid: string; readonly id: string },
    question: OpeningQuestion,
  ): Promise<Opening> {
    if (!this.holdReads) return Promise.resolve(this.#read(actor, question))
    return new Promise((resolve, reject) => {
      let read: Opening | null = null
      this.reads.push({
        question,
        snapshot: () => {
          read = this.#read(actor, question)
        },
        answer: () => resolve(read ?? this.#read(actor, question)),
        fail: reject,
      })
    })
  }

  #read(
    { uid, id }: { readonly uid: string; readonly id: string },
    question: OpeningQuestion,
  ): Opening {
    const seq = this.#userSeqs.get(uid) ?? 0
    const own = [...this.channels].filter(([, channel]) => channel.open && channel.members.has(uid))
    const watchables = own.map(([channelId, { members, memberCount, window }]) => ({
      channelId,
      visibleFrom: members.get(uid) ?? 0,
      memberCount,
      window,
    }))
    const named = new Set(question.channels.map((channel) => channel.id))
    return {
      me: userNamed(id),
      user: { status: 'same', epoch: this.epoch, seq },
      channels: question.channels.map((channel) => this.#syncOf(uid, channel.id)),
      watchable: watchables.filter(({ channelId }) => named.has(channelId)),
      recent: watchables.slice(0, question.recent),
    }
  }

  #syncOf(uid: string, id: string): ChannelSync {
    const channel = this.channels.get(id)
    if (!channel?.open || !channel.members.has(uid))
      return { status: 'gone', id, reason: 'unknown' }
    return { status: 'same', id, epoch: this.epoch, seq: channel.seq }
  }
}

export const uidOf = (name: string): string => `uid-${name}`

const userNamed = (id: string): User => ({
  id,
  name: id,
  avatar: null,
  custom: {},
  createdAt: 1,
  updatedAt: 1,
  deactivatedAt: null,
})
