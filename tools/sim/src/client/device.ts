import type { Cursor, Message, ServerFrame } from '@tertulia/protocol'
import { Asking } from './asking.ts'
import { ChannelCopy, type HistoryPage } from './channelCopy.ts'
import { Follower, rangeOf } from './follower.ts'
import { HistoryPages } from './historyPages.ts'
import type { ChannelFollower, Interest, OpenChannel, OwnFollower } from './openChannel.ts'
import { OwnCopy } from './ownCopy.ts'
import { type Entry, SendQueue } from './sendQueue.ts'
import { Session } from './session.ts'
import type { Outcome, Surroundings } from './surroundings.ts'

/** What this device did, for whoever looks on. Told after each transaction of the device's store. */
export interface Listeners {
  ownMoved(): void
  channelMoved(channel: OpenChannel): void
  answered(entry: Entry, message: Message): void
  failed(entry: Entry, code: string): void
}

/** The classes that a device is made of. */
export const parts = { Follower, ChannelCopy, SendQueue }
export type Parts = typeof parts

export interface DeviceOptions {
  readonly userId: string
  readonly device: string
  readonly surroundings: Surroundings
  readonly listeners: Listeners
  /** What to want of a channel that is new here. */
  readonly firstInterest: (channelId: string) => Interest
  /** Whether the next call goes over REST although there is a socket. */
  readonly prefersRest: () => boolean
  readonly parts: Parts
}

interface Gone {
  readonly position: string
  readonly isRepeated: boolean
}

const REST_MS = 10_000

/** A whole client without a screen: it holds true copies of what its user may see, and sends what the user wrote. */
export class Device {
  readonly options: DeviceOptions
  readonly own: OwnCopy
  readonly ownFollower: OwnFollower
  readonly channels = new Map<string, OpenChannel>()
  readonly queue: SendQueue
  readonly session: Session
  readonly #asking: Asking
  /** Where the own stream was when a channel was said to be gone, and whether that was said there before. */
  readonly #goneAt = new Map<string, Gone>()

  constructor(options: DeviceOptions) {
    const { surroundings, listeners, parts } = options
    this.options = options
    this.own = new OwnCopy({ joined: (id) => this.#join(id), left: (id) => this.#purge(id) })
    this.ownFollower = new parts.Follower({
      copy: this.own,
      surroundings,
      pull: (ask) => this.#asking.pullOwn(ask),
      moved: () => {
        listeners.ownMoved()
        this.#openListed()
      },
    })
    this.queue = new parts.SendQueue({
      surroundings,
      send: ({ channelId, clientId, text }, done) =>
        this.call('message.send', { channelId, clientId, text }, done),
      answered: (entry, message, at) => this.#answered(entry, message, at),
      failed: (entry, code) => listeners.failed(entry, code),
      isCaughtUp: () => this.session.isOpen(),
    })
    this.session = this.#openSession()
    this.#asking = new Asking({
      surroundings,
      ownFollower: this.ownFollower,
      channels: this.channels,
      session: () => this.session,
      call: (op, input, done) => this.call(op, input, done),
      callByRest: (op, input, done) => this.#callByRest(op, input, done),
      gone: (id) => this.#gone(id),
    })
  }

  #openSession(): Session {
    const { surroundings, device } = this.options
    return new Session({
      surroundings,
      hello: (token) => ({ type: 'hello', protocol: 1, device, token, ...this.#asking.hello() }),
      welcomed: (frame) => {
        this.#asking.welcomed(frame)
        this.queue.pump()
      },
      frame: (frame) => this.#onFrame(frame),
      lost: () => this.#asking.lost(),
      probe: () => this.session.request('sync.pull', { user: this.ownFollower.cursor }, () => {}),
      syncFirst: (done) => this.#asking.pullAll(done),
    })
  }

  /** The app is closed and opened again: only what was stored is left. */
  restart(): void {
    this.session.disconnect()
    this.queue.forget()
    this.ownFollower.forget()
    for (const { follower } of this.channels.values()) follower.forget()
    this.session.connect()
  }

  /** Calls an operation on the socket when there is one, else over REST. */
  call(op: string, input: object, done: (outcome: Outcome) => void): void {
    if (this.session.isOpen() && !this.options.prefersRest()) this.session.request(op, input, done)
    else this.#callByRest(op, input, done)
  }

  #callByRest(op: string, input: object, done: (outcome: Outcome) => void): void {
    const { surroundings } = this.options
    let ended = false
    const end = (outcome: Outcome) => {
      if (ended) return
      ended = true
      timer.cancel()
      done(outcome)
    }
    const timer = surroundings.after(REST_MS, () => end({ kind: 'lost' }))
    surroundings.call(op, input, end)
  }

  setInterest(channelId: string, interest: Interest): void {
    const channel = this.channels.get(channelId)
    if (!channel || channel.wanted === interest) return
    channel.wanted = interest
    channel.follower.eager = interest === 'full'
    if (interest !== 'full') this.queue.settleAnswered(channelId)
    this.#asking.stateInterest(channel)
  }

  /** Reads an older page of an open channel. */
  readHistory(channelId: string, before: number, limit: number): void {
    const channel = this.channels.get(channelId)
    if (!channel?.follower.cursor) return
    const arrive = channel.pages.ask()
    this.call('message.history', { channelId, before, limit }, (outcome) => {
      if (outcome.kind !== 'answer' || this.channels.get(channelId) !== channel) return
      const page = outcome.data as HistoryPage
      arrive(page)
      channel.follower.onHead(page.through, page.epoch)
      this.#channelMoved(channel)
    })
  }

  #channelMoved(channel: OpenChannel): void {
    const { follower, pages } = channel
    if (follower.cursor) pages.release(follower.cursor)
    this.options.listeners.channelMoved(channel)
  }

  #answered(entry: Entry, message: Message, at: Cursor): void {
    const { channelId } = entry
    this.options.listeners.answered(entry, message)
    const follower = this.channels.get(channelId)?.follower
    if (!follower?.eager) {
      this.queue.settleAnswered(channelId)
      return
    }
    follower.onOwnAnswer(at)
    if (follower.cursor) this.queue.settle(channelId, follower.cursor)
  }

  /** The own stream says that the user is in a channel. */
  #join(id: string): void {
    if (this.channels.has(id)) return
    const channel = this.#open(id)
    this.channels.set(id, channel)
    this.#asking.stateInterest(channel)
  }

  /**
   * A `gone` may be older than a joining that this device knows already, or tell of a leaving that was undone by a
   * restore. The own stream decides: what it still lists is opened again, once for each of its positions.
   */
  #gone(id: string): void {
    this.#purge(id)
    const position = this.#ownPosition()
    const isRepeated = this.#goneAt.get(id)?.position === position
    this.#goneAt.set(id, { position, isRepeated })
    if (!isRepeated) this.ownFollower.sync()
  }

  #openListed(): void {
    const position = this.#ownPosition()
    for (const id of this.own.list.keys()) {
      const gone = this.#goneAt.get(id)
      if (!gone?.isRepeated || gone.position !== position) this.#join(id)
    }
  }

  #ownPosition(): string {
    return `${this.ownFollower.cursor?.epoch}/${this.ownFollower.cursor?.seq}`
  }

  #open(id: string): OpenChannel {
    const { surroundings, userId, firstInterest, parts } = this.options
    const copy = new parts.ChannelCopy({
      id,
      userId,
      stored: (message, arrival) => this.queue.stored(message, arrival),
      deleted: () => this.#purge(id),
    })
    const follower: ChannelFollower = new parts.Follower({
      copy,
      surroundings,
      pull: (ask) => this.#asking.pullChannel(channel, ask),
      moved: (cursor) => {
        if (this.channels.get(id) !== channel) return
        this.queue.settle(id, cursor)
        this.#channelMoved(channel)
      },
    })
    const channel = { copy, follower, pages: new HistoryPages(copy), wanted: firstInterest(id) }
    follower.eager = channel.wanted === 'full'
    return channel
  }

  #purge(id: string): void {
    this.channels.get(id)?.follower.forget()
    this.channels.delete(id)
    this.queue.purge(id)
  }

  #onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'event':
      case 'events':
        this.#followerOf(frame.channel)?.onFrame(rangeOf(frame))
        return
      case 'gap':
      case 'bump':
        this.#followerOf(frame.channel)?.onHead(frame.seq, frame.epoch)
        return
      case 'heartbeat':
        this.ownFollower.onHeartbeat(frame.user)
        for (const [id, seq] of Object.entries(frame.heads)) this.#followerOf(id)?.onHeartbeat(seq)
    }
  }

  #followerOf(stream: string): OwnFollower | ChannelFollower | undefined {
    return stream === '@me' ? this.ownFollower : this.channels.get(stream)?.follower
  }
}
