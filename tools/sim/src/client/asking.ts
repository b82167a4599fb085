import type { ChannelSync, Cursor, UserSync, WelcomeFrame } from '@tertulia/protocol'
import { BackOff } from './backOff.ts'
import type { Ask } from './follower.ts'
import type { Interest, OpenChannel, OwnFollower } from './openChannel.ts'
import type { Session } from './session.ts'
import type { Outcome, Surroundings } from './surroundings.ts'

export interface AskingOptions {
  readonly surroundings: Surroundings
  readonly ownFollower: OwnFollower
  readonly channels: ReadonlyMap<string, OpenChannel>
  readonly session: () => Session
  /** By whichever door. */
  readonly call: (op: string, input: object, done: (outcome: Outcome) => void) => void
  readonly callByRest: (op: string, input: object, done: (outcome: Outcome) => void) => void
  /** The channel is not there for this user. */
  readonly gone: (channelId: string) => void
}

interface Stated {
  readonly channel: OpenChannel
  readonly ask: Ask
  readonly interest: Interest
}

interface Pulled {
  readonly user: UserSync | null
  readonly channels: readonly ChannelSync[]
}

/** Asks the server where the streams stand: hello, interest.set and sync.pull (sections 5, 8 and 10). */
export class Asking {
  readonly #options: AskingOptions
  readonly #backOff: BackOff
  #inHello: readonly Stated[] = []
  #ownInHello: Ask | null = null

  constructor(options: AskingOptions) {
    this.#options = options
    this.#backOff = new BackOff(() => options.surroundings.fraction())
  }

  /** What a hello says of the streams. There is no other resume (HELLO-6). */
  hello(): { readonly user: Cursor | null; readonly channels: readonly object[] } {
    const { ownFollower, channels } = this.#options
    this.#ownInHello = ownFollower.beginAsk()
    this.#inHello = [...channels.values()].map((channel) => ({
      channel,
      ask: channel.follower.beginAsk(),
      interest: channel.wanted,
    }))
    return {
      user: ownFollower.cursor,
      channels: this.#inHello.map(({ channel }) => wishOf(channel)),
    }
  }

  welcomed({ user, channels }: WelcomeFrame): void {
    const [stated, ownAsk] = [this.#inHello, this.#ownInHello]
    this.#forgetHello()
    // The channels first: the own stream may purge some and open others.
    for (const { channel, ask } of stated) this.#takeFrom(channels, channel, ask)
    if (ownAsk) this.#options.ownFollower.onAnswer(ownAsk, user)
    for (const { channel, interest } of stated)
      if (this.#isOpen(channel) && channel.wanted !== interest) this.stateInterest(channel)
  }

  /** The connection ended: what the hello asked is not answered any more. */
  lost(): void {
    if (this.#ownInHello) this.#options.ownFollower.onNoAnswer(this.#ownInHello)
    for (const { channel, ask } of this.#inHello) channel.follower.onNoAnswer(ask)
    this.#forgetHello()
  }

  #forgetHello(): void {
    this.#inHello = []
    this.#ownInHello = null
  }

  stateInterest(channel: OpenChannel): void {
    const session = this.#options.session()
    if (!session.isOpen()) return
    const ask = channel.follower.beginAsk()
    session.request('interest.set', { channels: [wishOf(channel)] }, (outcome) => {
      if (outcome.kind === 'answer') this.#takeFrom(pulled(outcome.data).channels, channel, ask)
      else if (channel.follower.onNoAnswer(ask))
        this.#later(() => this.#isOpen(channel) && this.stateInterest(channel))
    })
  }

  pullChannel(channel: OpenChannel, ask: Ask): void {
    const cursor = { id: channel.copy.id, ...ask.cursor }
    this.#options.call('sync.pull', { channels: [cursor] }, (outcome) => {
      if (outcome.kind === 'answer') this.#takeFrom(pulled(outcome.data).channels, channel, ask)
      else if (channel.follower.onNoAnswer(ask))
        this.#later(() => this.#isOpen(channel) && channel.follower.sync())
    })
  }

  pullOwn(ask: Ask): void {
    const { ownFollower, call } = this.#options
    call('sync.pull', { user: ask.cursor }, (outcome) => {
      if (outcome.kind === 'answer') this.#takeOwn(ask, pulled(outcome.data).user)
      else if (ownFollower.onNoAnswer(ask)) this.#later(() => ownFollower.sync())
    })
  }

  /** Brings everything up to date over REST, for a reader that was too slow (CLOSE-5). */
  pullAll(done: () => void): void {
    const { ownFollower, channels, callByRest } = this.#options
    const full = [...channels.values()].filter(({ wanted }) => wanted === 'full')
    const asks = full.map((channel) => ({ channel, ask: channel.follower.beginAsk() }))
    const ownAsk = ownFollower.beginAsk()
    const cursors = full.map(({ copy, follower }) => ({ id: copy.id, ...follower.cursor }))
    callByRest('sync.pull', { user: ownFollower.cursor, channels: cursors }, (outcome) => {
      if (outcome.kind === 'answer') {
        const answer = pulled(outcome.data)
        for (const { channel, ask } of asks) this.#takeFrom(answer.channels, channel, ask)
        this.#takeOwn(ownAsk, answer.user)
      } else {
        for (const { channel, ask } of asks) channel.follower.onNoAnswer(ask)
        ownFollower.onNoAnswer(ownAsk)
      }
      done()
    })
  }

  #takeOwn(ask: Ask, user: UserSync | null): void {
    this.#backOff.reset()
    if (user) this.#options.ownFollower.onAnswer(ask, user)
  }

  #takeFrom(syncs: readonly ChannelSync[], channel: OpenChannel, ask: Ask): void {
    this.#backOff.reset()
    const sync = syncs.find(({ id }) => id === channel.copy.id)
    if (!sync || !this.#isOpen(channel) || !channel.follower.isAsked(ask)) return
    if (sync.status === 'gone') this.#options.gone(sync.id)
    else channel.follower.onAnswer(ask, sync)
  }

  /** The channel was not left since: a later membership has a new one under the same id. */
  #isOpen(channel: OpenChannel): boolean {
    return this.#options.channels.get(channel.copy.id) === channel
  }

  /** Without a connection there is nothing to do: the next hello asks. */
  #later(ask: () => void): void {
    const isOpen = () => this.#options.session().isOpen()
    if (isOpen()) this.#options.surroundings.after(this.#backOff.next(), () => isOpen() && ask())
  }
}

const wishOf = ({ copy, follower, wanted }: OpenChannel) => ({
  id: copy.id,
  ...follower.cursor,
  interest: wanted,
})

const pulled = (data: unknown) => data as Pulled
