import type { ErrorBody, ErrorCode, Message, OperationName } from '@tertulia/protocol'
import { type Input, type Output, operationOf } from './contract.ts'
import type { ChannelCopy } from './copies/channelCopy.ts'
import { Following } from './copies/following.ts'
import type { OwnCopy } from './copies/ownCopy.ts'
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

/** A user with a token, a connection on which everything is followed, and ears that forget nothing. */
export class Person implements Voice {
  readonly id: string
  readonly ears = new Ears()
  readonly lines: Line[] = []
  door: Door
  token: string
  #following: Following | null = null
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

  /** The connection that is followed. */
  get line(): Line {
    if (!this.#following) throw new Error(`${this.id} is not connected.`)
    return this.#following.line
  }

  get own(): OwnCopy | null {
    return this.#following?.own ?? null
  }

  get copies(): ReadonlyMap<string, ChannelCopy> {
    return this.#following?.copies ?? new Map()
  }

  get ended(): ReadonlySet<string> {
    return this.#following?.ended ?? new Set()
  }

  isFollowing(): boolean {
    return this.#following !== null && this.line.closed === null
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

  /** Connects and follows, from nothing. */
  async arrives(): Promise<void> {
    const welcomed = await this.connects()
    this.#following = await Following.first(this, welcomed)
  }

  /** Hangs up and follows nothing for a while. */
  async goesAway(): Promise<void> {
    await this.line.hangUp()
  }

  /** Connects again, with the cursors of before. */
  async comesBack(): Promise<void> {
    const before = this.#following
    if (!before) throw new Error(`${this.id} was never here.`)
    this.#following = await Following.resumed(this, await this.connects(before.hello()), before)
  }

  /** Follows a channel with interest `full`, from a reset on. */
  async watches(channelId: string): Promise<ChannelCopy> {
    if (!this.#following) throw new Error(`${this.id} is not connected.`)
    return this.#following.watch(channelId)
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
