import type { ChannelInterest, ChannelSync, Me, UserSync } from '@tertulia/protocol'
import type { Output } from '../contract.ts'
import type { Hello, Welcomed } from '../doors/hello.ts'
import type { Line } from '../doors/line.ts'
import { patiently } from '../voice.ts'
import { ChannelCopy } from './channelCopy.ts'
import { withDelta } from './channelState.ts'
import { type RangeFrame, toldBy } from './follower.ts'
import { OwnCopy, ownStateOf, withOwnDelta } from './ownCopy.ts'
import { type Reader, wholeDrafts, wholeOwn, wholeRoster } from './snapshot.ts'

/** What the events of the own stream hold that concerns copies of channels. */
interface OwnData {
  readonly channelId?: string
  readonly channel?: { readonly id: string }
  readonly me?: Me
}

/** Everything that somebody follows on one connection: the own stream, and the watched channels. */
export class Following {
  readonly line: Line
  readonly own: OwnCopy
  readonly copies = new Map<string, ChannelCopy>()
  /** Channels that ended, and did not come back. */
  readonly ended = new Set<string>()
  readonly #reader: Reader

  private constructor(reader: Reader, line: Line, own: OwnCopy) {
    this.#reader = reader
    this.line = line
    this.own = own
  }

  /** From nothing. */
  static async first(reader: Reader, { line, welcome: { user } }: Welcomed): Promise<Following> {
    if (user.status !== 'reset') throw new Error(`A first hello was answered with ${user.status}.`)
    const position = { epoch: user.epoch, seq: user.through }
    const state = ownStateOf(await wholeOwn(reader, user))
    const following = new Following(reader, line, new OwnCopy({ state, position }))
    following.#listen()
    return following
  }

  /** From where an earlier connection stopped: the answers to its cursors, and every frame since. */
  static async resumed(
    reader: Reader,
    { line, welcome }: Welcomed,
    before: Following,
  ): Promise<Following> {
    const following = new Following(
      reader,
      line,
      await resumedOwn(reader, welcome.user, before.own),
    )
    for (const id of before.ended)
      if (!(id in following.own.state.channels)) following.ended.add(id)
    const begun: Promise<void>[] = []
    for (const sync of welcome.channels) {
      const old = before.copies.get(sync.id)
      if (old) begun.push(following.#resume(sync, old))
    }
    following.#listen()
    await Promise.all(begun)
    return following
  }

  /** What the next hello says to go on from here. */
  hello(): Hello {
    const channels = [...this.copies.values()].flatMap(({ id, position }): ChannelInterest[] =>
      position ? [{ id, ...position, interest: 'full' }] : [],
    )
    return { user: this.own.position, channels }
  }

  #listen(): void {
    for (const frame of this.line.frames) this.#take(frame)
    this.line.listen((frame) => this.#take(frame))
  }

  #take(frame: Line['frames'][number]): void {
    if (frame.type !== 'event' && frame.type !== 'events') return
    if (frame.channel === '@me') this.#takeOwn(frame)
    else this.copies.get(frame.channel)?.receive(frame)
  }

  #takeOwn(frame: RangeFrame): void {
    this.own.receive(frame)
    for (const { name, data } of toldBy(frame)) {
      const { channelId, channel, me } = data as OwnData
      if (channel && me) {
        this.ended.delete(channel.id)
        this.copies.get(channel.id)?.joined(me)
      }
      if (name === 'channel.left' && channelId !== undefined) this.#end(channelId)
    }
  }

  #end(channelId: string): void {
    this.copies.delete(channelId)
    this.ended.add(channelId)
  }

  /** Follows a channel with interest `full`, from a reset on. */
  async watch(id: string): Promise<ChannelCopy> {
    const copy = new ChannelCopy(id, this.own.state.user.id)
    this.copies.set(id, copy)
    const answer = await patiently(() => this.line.asks('interest.set', { channels: [{ id }] }))
    const [sync] = answer.ok ? (answer.data as Output<'interest.set'>).channels : []
    if (sync?.status !== 'reset')
      throw new Error(
        `A channel to watch was answered with ${JSON.stringify(answer).slice(0, 400)}.`,
      )
    copy.begin(sync, await wholeRoster(this.#reader, id))
    return copy
  }

  async #resume(sync: ChannelSync, old: ChannelCopy): Promise<void> {
    if (sync.status === 'gone' && sync.reason === 'disabled') {
      this.copies.set(sync.id, old)
      return
    }
    if (sync.status === 'gone') {
      if (sync.reason !== 'unknown') this.#end(sync.id)
      return
    }
    const copy = new ChannelCopy(sync.id, this.own.state.user.id)
    this.copies.set(sync.id, copy)
    const answer = sync.status === 'head' ? await this.#pull(old) : sync
    if (answer.status === 'reset') copy.begin(answer, await wholeRoster(this.#reader, sync.id))
    else if (answer.status === 'delta')
      copy.resume(old, { ...answer, state: (state) => withDelta(state, answer) })
    else if (answer.status === 'same')
      copy.resume(old, { ...answer, through: answer.seq, state: (state) => state })
    else throw new Error(`A cursor of ${sync.id} was answered with ${answer.status}.`)
  }

  async #pull({ id, position }: ChannelCopy): Promise<ChannelSync> {
    const { channels } = await this.#reader.reads('sync.pull', { channels: [{ id, ...position }] })
    const [sync] = channels
    if (!sync) throw new Error(`A pull about ${id} told nothing of it.`)
    return sync
  }
}

async function resumedOwn(reader: Reader, user: UserSync, old: OwnCopy): Promise<OwnCopy> {
  const { proven } = old
  const { epoch } = user
  switch (user.status) {
    case 'same':
      return new OwnCopy({ state: old.state, position: { epoch, seq: user.seq }, proven })
    case 'delta':
      return new OwnCopy({
        state: withOwnDelta(old.state, { ...user, drafts: await wholeDrafts(reader, user) }),
        position: { epoch, seq: user.through },
        proven,
      })
    case 'reset':
      return new OwnCopy({
        state: ownStateOf(await wholeOwn(reader, user)),
        position: { epoch, seq: user.through },
      })
    case 'head':
      throw new Error('A cursor of the own stream was answered with its head alone.')
  }
}
