import type { ChannelSync, HelloFrame, Message, ServerFrame } from '@tertulia/protocol'
import type { Belief, History } from '../history/record.ts'
import type { Answer } from './answers.ts'
import { Replica, toldOf } from './replica.ts'

export interface ReplicasOptions {
  readonly owner: string
  readonly channels: readonly string[]
  readonly history: History
  /** Asks the server; `none` when there is no connection any more. */
  readonly ask: (op: string, data: unknown) => Promise<Answer>
}

/** All that one client believes, and the questions by which it catches up. */
export class Replicas {
  readonly #options: ReplicasOptions
  readonly #replicas: ReadonlyMap<string, Replica>
  #isAsking = false

  constructor(options: ReplicasOptions) {
    this.#options = options
    this.#replicas = new Map(options.channels.map((channel) => [channel, new Replica(channel)]))
  }

  get beliefs(): readonly Belief[] {
    const { owner } = this.#options
    return this.#all.map(({ channel, messages }) => ({ client: owner, channel, messages }))
  }

  /** Where each channel stands, for the hello. */
  get wishes(): HelloFrame['channels'] {
    return this.#all.map(({ channel, cursor }) => ({
      id: channel,
      ...(cursor ?? {}),
      interest: 'full',
    }))
  }

  get #all(): readonly Replica[] {
    return [...this.#replicas.values()]
  }

  /** Whether all stand at these heads or beyond, with everything older. */
  hold(heads: ReadonlyMap<string, number>): boolean {
    return this.#all.every(
      ({ channel, cursor, from, isBehind }) =>
        !isBehind && from === 0 && cursor !== null && cursor.seq >= (heads.get(channel) ?? 0),
    )
  }

  hear(frame: ServerFrame): void {
    if (frame.type === 'event' || frame.type === 'events')
      this.#replicas.get(frame.channel)?.hear(frame)
    else if (frame.type === 'gap') this.#replicas.get(frame.channel)?.see(frame.seq)
    else if (frame.type === 'heartbeat')
      for (const [channel, seq] of Object.entries(frame.heads))
        this.#replicas.get(channel)?.see(seq)
    this.#catchUp()
  }

  take(channels: readonly ChannelSync[]): void {
    const { owner, history } = this.#options
    for (const sync of channels) {
      this.#replicas.get(sync.id)?.take(sync)
      if (sync.status !== 'delta' && sync.status !== 'reset') continue
      const messages = sync.messages.map(toldOf)
      history.listed({ source: 'sync', by: owner, channel: sync.id, messages })
    }
    this.#catchUp()
  }

  /** Asks for what is missing until nothing is, one question at a time; the next connection goes on. */
  #catchUp(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    void this.#askOn().finally(() => {
      this.#isAsking = false
    })
  }

  async #askOn(): Promise<void> {
    for (;;) {
      const behind = this.#all.filter(({ isBehind }) => isBehind)
      const short = this.#all.find(({ from }) => from > 0)
      if (behind.length > 0) {
        if (!(await this.#pull(behind))) return
      } else if (!short || !(await this.#readOlder(short))) return
    }
  }

  async #pull(behind: readonly Replica[]): Promise<boolean> {
    const channels = behind.map(({ channel, cursor }) => ({ id: channel, ...(cursor ?? {}) }))
    const answer = await this.#options.ask('sync.pull', { channels })
    if (answer.kind === 'data')
      this.take((answer.data as { readonly channels: readonly ChannelSync[] }).channels)
    return answer.kind !== 'none'
  }

  async #readOlder(replica: Replica): Promise<boolean> {
    const question = { channelId: replica.channel, before: replica.from, limit: 100 }
    const answer = await this.#options.ask('message.history', question)
    if (answer.kind === 'data') {
      const { messages, hasOlder } = answer.data as { messages: Message[]; hasOlder: boolean }
      replica.takeOlder(messages, hasOlder)
    }
    return answer.kind !== 'none'
  }
}
