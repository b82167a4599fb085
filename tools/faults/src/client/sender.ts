import type { Message as StoredMessage } from '@tertulia/protocol'
import { brief, type History, type Outcome, type Send } from '../history/record.ts'
import { type Chance, newClientId } from '../seed.ts'
import { now, pause } from '../waiting.ts'
import { type Answer, isFinal } from './answers.ts'
import type { Person } from './person.ts'
import { toldOf } from './replica.ts'
import type { Rest } from './rest.ts'

export interface SenderOptions {
  readonly person: Person
  readonly rest: Rest
  /** Through which door the first attempt goes; without a connection every attempt goes by REST. */
  readonly door: 'socket' | 'rest'
  readonly chance: Chance
  readonly history: History
}

/** Grows with each attempt, up to `most` times as long. */
const BACK_OFF_MS = { low: 30, high: 150, most: 3 }

const GIVE_UP_MS = 60_000

type Message = Pick<Send, 'channel' | 'clientId' | 'text'>

/** Sends for one person, each message with one client id until the server says yes or no. */
export class Sender {
  readonly #options: SenderOptions
  #count = 0

  constructor(options: SenderOptions) {
    this.#options = options
  }

  get id(): string {
    return this.#options.person.id
  }

  /** Resolves once the message was answered for good, or after a minute of trying. */
  async send(channel: string, text = `${this.id} says ${++this.#count}`): Promise<void> {
    const { chance, history } = this.#options
    const message = { channel, clientId: newClientId(chance), text }
    const send: Send = { ...message, client: this.id, text: brief(text) }
    const deadline = now() + GIVE_UP_MS
    for (let attempt = 1; now() < deadline; attempt++) {
      const invokedAt = now()
      const answer = await this.#ask(message)
      const outcome = outcomeOf(answer)
      history.ended({ send, invokedAt, outcome })
      if (outcome.kind !== 'unknown') return
      const asked = answer.kind === 'refused' ? answer.retryAfterMs : 0
      const factor = Math.min(attempt, BACK_OFF_MS.most)
      await pause(Math.max(asked, factor * chance.between(BACK_OFF_MS.low, BACK_OFF_MS.high)))
    }
  }

  #ask({ channel, clientId, text }: Message): Promise<Answer> {
    const { person, rest, door } = this.#options
    if (door === 'socket' && person.connection)
      return person.connection.request('message.send', { channelId: channel, clientId, text })
    return rest.ask({
      method: 'POST',
      path: `/v1/channels/${channel}/messages`,
      body: { clientId, text },
    })
  }
}

function outcomeOf(answer: Answer): Outcome {
  const at = now()
  if (answer.kind === 'none') return { kind: 'unknown', at, why: answer.why }
  if (answer.kind === 'refused')
    return isFinal(answer.code)
      ? { kind: 'fail', at, code: answer.code }
      : { kind: 'unknown', at, why: answer.code }
  const { message, duplicate } = answer.data as {
    readonly message: StoredMessage
    readonly duplicate: boolean
  }
  return { kind: 'ok', at, message: toldOf(message), duplicate }
}
