import type { ErrorBody, ErrorCode, Me, Message, OperationName } from '@tertulia/protocol'
import { type Input, type Output, operationOf } from './contract.ts'
import { ChannelCopy } from './copies/channelCopy.ts'
import { type RangeFrame, toldBy } from './copies/follower.ts'
import { OwnCopy, ownStateOf } from './copies/ownCopy.ts'
import { wholeList, wholeRoster } from './copies/snapshot.ts'
import type { Answer } from './doors/answer.ts'
import { type Hello, openWith, type Welcomed } from './doors/hello.ts'
import type { Line } from './doors/line.ts'
import { callRest } from './doors/rest.ts'
import { Ears } from './ears.ts'
import { fits, type Partly } from './fits.ts'
import { clientId } from './names.ts'
import { goodToken } from './tokens.ts'
import { until } from './until.ts'
import { createVoice, patiently, Refused, type Voice } from './voice.ts'

/** Which door somebody uses where an operation has both. */
export type Door = 'rest' | 'socket'

export interface PersonOptions {
  readonly id: string
  readonly url: string
  readonly secret: string
  readonly door: Door
  readonly afterStep: () => Promise<void>
  /** Hears of every token that is made, for the search through the log. */
  readonly minted: (token: string) => void
  /** Changes something that only this person hears of. */
  readonly fence: (id: string, mark: string) => Promise<unknown>
}

/** What the events of the own stream hold that concerns copies of channels. */
interface OwnData {
  readonly channelId?: string
  readonly channel?: { readonly id: string }
  readonly me?: Me
}

/** A user with a token, a connection on which everything is followed, and ears that forget nothing. */
export class Person implements Voice {
  readonly id: string
  readonly ears = new Ears()
  readonly lines: Line[] = []
  readonly copies = new Map<string, ChannelCopy>()
  readonly ended = new Set<string>()
  door: Door
  token: string
  own: OwnCopy | null = null
  readonly #options: PersonOptions
  readonly #voice: Voice

  constructor(options: PersonOptions) {
    this.#options = options
    this.id = options.id
    this.door = options.door
    this.token = goodToken(options.secret, options.id)
    options.minted(this.token)
    const { id: who, afterStep } = options
    this.#voice = createVoice({ who, afterStep, ask: (name, input) => this.ask(name, input) })
  }

  /** The first connection, which the copies follow. */
  get line(): Line {
    const [line] = this.lines
    if (!line) throw new Error(`${this.id} is not connected.`)
    return line
  }

  isFollowing(): boolean {
    return this.own !== null && this.line.closed === null
  }

  does<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    return this.#voice.does(name, input)
  }

  isRefused(name: OperationName, input: object, code: ErrorCode): Promise<ErrorBody> {
    return this.#voice.isRefused(name, input, code)
  }

  /** One call, over the own door where the operation has it. No step: nothing is checked after it. */
  ask(name: OperationName, input: object, door = this.door): Promise<Answer> {
    const { rest, socket } = operationOf(name)
    if (socket && (door === 'socket' || !rest)) return this.line.asks(name, input)
    return callRest({ url: this.#options.url, bearer: this.token, ears: this.ears }, name, input)
  }

  /** What a read tells, over REST. No step. */
  async reads<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    const answer = await patiently(() => this.ask(name, input, 'rest'))
    if (!answer.ok) throw new Refused(this.id, name, answer.error)
    return answer.data as never
  }

  /** Takes another token for the calls and connections to come. */
  uses(token: string): void {
    this.token = token
    this.#options.minted(token)
  }

  /** One more connection, with nothing following it. */
  async connects(hello: Hello = {}, query?: string): Promise<Welcomed> {
    const { url } = this.#options
    const welcomed = await openWith(
      { token: this.token, ...hello },
      { url, ears: this.ears, ...(query === undefined ? {} : { query }) },
    )
    this.lines.push(welcomed.line)
    return welcomed
  }

  /** The connection that is followed from here on. */
  async arrives(): Promise<void> {
    const { line, welcome } = await this.connects()
    this.lines.splice(this.lines.indexOf(line), 1)
    this.lines.unshift(line)
    this.copies.clear()
    this.ended.clear()
    const { user } = welcome
    if (user.status !== 'reset')
      throw new Error(`A first hello was answered with ${user.status} and not with a reset.`)
    const own = new OwnCopy(ownStateOf(user.user, await wholeList(this, user)), {
      epoch: user.epoch,
      seq: user.through,
    })
    this.own = own
    for (const frame of line.frames) this.#follow(own, frame)
    line.listen((frame) => this.#follow(own, frame))
  }

  #follow(own: OwnCopy, frame: Line['frames'][number]): void {
    if (frame.type !== 'event' && frame.type !== 'events') return
    if (frame.channel === '@me') this.#followOwn(own, frame)
    else this.copies.get(frame.channel)?.receive(frame)
  }

  #followOwn(own: OwnCopy, frame: RangeFrame): void {
    own.receive(frame)
    for (const { name, data } of toldBy(frame)) {
      const { channelId, channel, me } = data as OwnData
      if (channel && me) {
        this.ended.delete(channel.id)
        this.copies.get(channel.id)?.joined(me)
      }
      if (name !== 'channel.left' || channelId === undefined) continue
      this.copies.delete(channelId)
      this.ended.add(channelId)
    }
  }

  /** Follows a channel with interest `full`, from a reset on. */
  async watches(channelId: string): Promise<ChannelCopy> {
    const copy = new ChannelCopy(channelId)
    this.copies.set(channelId, copy)
    const answer = await patiently(() =>
      this.line.asks('interest.set', { channels: [{ id: channelId }] }),
    )
    if (!answer.ok) throw new Refused(this.id, `watch ${channelId}`, answer.error)
    const [sync] = (answer.data as Output<'interest.set'>).channels
    if (sync?.status !== 'reset')
      throw new Error(`${this.id} got ${JSON.stringify(sync)} for a channel to watch.`)
    copy.begin(sync, await wholeRoster(this, channelId))
    return copy
  }

  copyOf(channelId: string): ChannelCopy {
    const copy = this.copies.get(channelId)
    if (!copy) throw new Error(`${this.id} does not watch ${channelId}.`)
    return copy
  }

  async says(
    channelId: string,
    text: string,
    more: Partial<Input<'message.send'>> = {},
  ): Promise<Message> {
    const { message } = await this.does('message.send', {
      channelId,
      clientId: clientId(),
      text,
      ...more,
    })
    return message
  }

  /** Waits until a watched channel holds a message like this one. */
  sees(channelId: string, wanted: Partly<Message>): Promise<Message> {
    return until(`${this.id} sees ${JSON.stringify(wanted)}`, () => {
      this.line.check()
      const messages = Object.values(this.copyOf(channelId).state?.messages ?? {})
      return messages.find((message) => fits(message, wanted))
    })
  }

  /**
   * Waits until everything that happened before is here, asks for everything that may be asked without knowing
   * anything, and looks for the markers in all that was ever received.
   */
  async seesNothingOf(...markers: readonly string[]): Promise<void> {
    if (this.isFollowing()) await this.catchesUp()
    await this.reads('sync.pull', { user: null })
    await this.reads('channel.list', {})
    await this.reads('channel.find', {})
    await this.reads('user.query', {})
    const found = this.ears.find(markers)
    if (found.length > 0) throw new Error(`${this.id} saw what is not theirs:\n${found.join('\n')}`)
  }

  /** Waits until everything that was stored before this call has reached the connection. */
  async catchesUp(): Promise<void> {
    const mark = `https://fence.example/${clientId()}`
    await this.#options.fence(this.id, mark)
    await until(`${this.id} catches up`, () => this.own?.state.user.avatar === mark)
  }
}
