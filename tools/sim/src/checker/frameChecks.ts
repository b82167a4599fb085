import type {
  ChannelSync,
  Cursor,
  Message,
  MessagePreview,
  ServerFrame,
  UserSync,
} from '@tertulia/protocol'
import { rangeOf } from '../client/follower.ts'
import { type ChannelHistory, isSame, type Stay } from './channelHistory.ts'
import { gatheredData } from './gathered.ts'
import type { Truth } from './truth.ts'
import { demand } from './violation.ts'

/**
 * Looks at everything that leaves the server for a user: nothing that was not committed (I-10), nothing about a
 * channel at a position at which the user is not in it, and no message from before what the user may see (I-9).
 */
export class FrameChecks {
  readonly #truth: Truth

  constructor(truth: Truth) {
    this.#truth = truth
  }

  frame(userId: string, text: string): void {
    const frame = JSON.parse(text) as ServerFrame
    switch (frame.type) {
      case 'event':
      case 'events':
        if (frame.channel === '@me') this.#ownEvent(userId, text, frame)
        else this.#channelEvent(userId, text, frame)
        return
      case 'gap':
        if (frame.channel !== '@me') this.#stay(userId, frame.channel, frame)
        return
      case 'custom':
        this.#everIn(userId, frame.channel, this.#truth.now.epoch)
        return
      case 'bump':
        this.#bump(userId, frame)
        return
      case 'heartbeat':
        for (const [id, seq] of Object.entries(frame.heads)) this.#head(userId, id, seq)
        return
      case 'welcome':
        this.answer(userId, frame)
        return
      case 'response':
        if ('data' in frame) this.answer(userId, frame.data)
    }
  }

  /** The data of any answer. */
  answer(userId: string, data: unknown): void {
    const { channels, user, messages, epoch, through } = (data ?? {}) as Answered
    for (const sync of channels ?? []) if ('status' in sync) this.#sync(userId, sync)
    if (user && 'status' in user) this.#ownSync(userId, user)
    const [first] = messages ?? []
    if (first && messages && through !== undefined)
      this.#messages(userId, messages, { id: first.channelId, epoch: epoch ?? 0, seq: through })
  }

  #ownEvent(userId: string, text: string, { epoch, seq }: { epoch: number; seq: number }): void {
    const logged = this.#truth.histories.get(epoch)?.own.get(userId)?.events[seq - 1]
    demand(
      logged?.frame === text,
      'I-10',
      () => `${userId} got an event that is not committed: ${text}`,
    )
  }

  #channelEvent(userId: string, text: string, frame: Parameters<typeof rangeOf>[0]): void {
    const { stay, history } = this.#stay(userId, frame.channel, frame)
    for (const event of rangeOf(frame).events) {
      const logged = history.events[event.seq - 1]
      const place = { prev: frame.prev, seq: event.seq }
      const isCommitted =
        frame.type === 'event'
          ? logged?.frame === text
          : isSame(gatheredData(history, place), event.data)
      demand(isCommitted, 'I-10', () => `${userId} got an event that is not committed: ${text}`)
      const { message, messageSeq, thread } = logged?.data ?? {}
      if (message) this.#visible(userId, stay, { seq: subjectOf(history, message) })
      const about = messageSeq ?? thread?.rootSeq
      if (about !== undefined) this.#visible(userId, stay, { seq: about })
    }
  }

  /**
   * A bump tells how far the channel is, as this node has heard it: it may be late, and it may know the position of a
   * leaving that it has not heard of. That is no secret, but the message in it must be one of the user's stay.
   */
  #bump(
    userId: string,
    { channel, epoch, seq, last }: Extract<ServerFrame, { type: 'bump' }>,
  ): void {
    const history = this.#historyOf(userId, channel, { epoch, seq })
    const stays = this.#everIn(userId, channel, epoch)
    if (!last) return
    const floor = history.floorAt(seq)
    const stay = stays.find(
      ({ visibleFrom, until }) => Math.max(visibleFrom, floor) < last.seq && last.seq < until,
    )
    demand(
      stay !== undefined,
      'I-9',
      () => `${userId} got a preview of message ${last.seq} of ${channel}, which is hidden`,
    )
    this.#preview(userId, { stay, history, floor }, last)
  }

  /** A number may be known here before the leaving is: that it grew is no secret. */
  #head(userId: string, id: string, seq: number): void {
    const { epoch } = this.#truth.now
    this.#historyOf(userId, id, { epoch, seq })
    this.#everIn(userId, id, epoch)
  }

  /** All stays of the user in a channel, of which there must be one. */
  #everIn(userId: string, channel: string, epoch: number): readonly Stay[] {
    const stays = [...this.#truth.histories.values()]
      .filter((later) => later.epoch >= epoch)
      .flatMap(({ channels }) => channels.get(channel)?.stays.get(userId) ?? [])
    demand(
      stays.length > 0,
      'I-9',
      () => `${userId} was told of ${channel} without ever being in it`,
    )
    return stays
  }

  #preview(userId: string, { stay, history, floor }: Place, last: MessagePreview): void {
    this.#visible(userId, { visibleFrom: Math.max(stay.visibleFrom, floor) }, last)
    const life = history.byMessage.get(last.id)
    const known = life?.states.some(({ text }) => (text?.slice(0, 200) ?? null) === last.text)
    demand(
      known === true,
      'I-10',
      () => `${userId} got a preview that was never committed: ${last.text}`,
    )
  }

  #sync(userId: string, sync: ChannelSync): void {
    if (sync.status === 'gone') return
    const seq = 'through' in sync ? sync.through : sync.seq
    const at = { id: sync.id, epoch: sync.epoch, seq }
    if ('messages' in sync) this.#messages(userId, sync.messages, at)
    else if (sync.status !== 'head' || !this.#comesLater(userId, at))
      this.#stay(userId, sync.id, at)
  }

  /** Where windows wait, the head is the last place that was told, which may be one before the user came (decision 0018). */
  #comesLater(userId: string, { id, epoch, seq }: Cursor & { readonly id: string }): boolean {
    const history = this.#historyOf(userId, id, { epoch, seq })
    const stays = history.stays.get(userId) ?? []
    return history.tellsInWindows && stays.some(({ from }) => from > seq)
  }

  #ownSync(userId: string, sync: UserSync): void {
    if (!('joined' in sync)) return
    for (const { channel, epoch, seq, last } of sync.joined) {
      const place = this.#stay(userId, channel.id, { epoch, seq })
      if (last) this.#preview(userId, place, last)
    }
  }

  #messages(
    userId: string,
    messages: readonly Message[],
    { id, epoch, seq }: { readonly id: string; readonly epoch: number; readonly seq: number },
  ): void {
    const { stay, history, floor } = this.#stay(userId, id, { epoch, seq })
    for (const message of messages) {
      const visibleFrom = Math.max(stay.visibleFrom, floor)
      this.#visible(userId, { visibleFrom }, { seq: subjectOf(history, message) })
      demand(
        history.knows(message),
        'I-10',
        () => `${userId} got a row that is not committed: ${JSON.stringify(message)}`,
      )
    }
  }

  #visible(
    userId: string,
    { visibleFrom }: Pick<Stay, 'visibleFrom'>,
    { seq }: { readonly seq: number },
  ): void {
    demand(
      seq > visibleFrom,
      'I-9',
      () => `${userId} got message ${seq}, but sees only what is above ${visibleFrom}`,
    )
  }

  /** The stay of the user that covers the position, which must exist. */
  #stay(userId: string, id: string, { epoch, seq }: Cursor): Place {
    const history = this.#historyOf(userId, id, { epoch, seq })
    const stay = history.stayAt(userId, seq)
    demand(
      stay !== undefined,
      'I-9',
      () => `${userId} was told of position ${epoch}/${seq} of ${id}, without being in it then`,
    )
    return { stay, history, floor: history.floorAt(seq) }
  }

  #historyOf(userId: string, id: string, { epoch, seq }: Cursor): ChannelHistory {
    const history = this.#truth.histories.get(epoch)?.channels.get(id)
    demand(
      history !== undefined && seq <= history.head,
      'I-10',
      () => `${userId} was told position ${epoch}/${seq} of ${id}, which is not committed`,
    )
    return history
  }
}

const subjectOf = (history: ChannelHistory, { id, seq }: Message): number =>
  history.byMessage.get(id)?.subjectSeq ?? seq

interface Place {
  readonly stay: Stay
  readonly history: ChannelHistory
  /** Of the channel at that position. */
  readonly floor: number
}

interface Answered {
  readonly channels?: readonly ChannelSync[]
  readonly user?: UserSync | null
  readonly messages?: readonly Message[]
  readonly epoch?: number
  readonly through?: number
}
