import type { ErrorBody, ErrorCode, OperationName } from '@tertulia/protocol'
import type { Input, Output } from './contract.ts'
import { type Answer, outcomeOf } from './doors/answer.ts'
import { obey } from './until.ts'

/** Somebody who can call operations. Every call is a step: the sync law is checked after it. */
export interface Voice {
  /** @throws when the call is refused. */
  does<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>>
  /** @throws when the call is done, or refused with another code. */
  isRefused(name: OperationName, input: object, code: ErrorCode): Promise<ErrorBody>
}

/** A call that should have been done was not. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: ErrorCode

  constructor(who: string, what: string, error: ErrorBody) {
    super(`${who} could not do ${what}: ${JSON.stringify(error)}`)
    this.code = error.code
  }
}

export interface VoiceOptions {
  /** For reports. */
  readonly who: string
  ask(name: OperationName, input: object): Promise<Answer>
  afterStep(): Promise<void>
}

export function createVoice({ who, ask, afterStep }: VoiceOptions): Voice {
  return {
    async does(name, input) {
      const answer = await patiently(() => ask(name, input))
      if (!answer.ok) throw new Refused(who, name, answer.error)
      await afterStep()
      return answer.data as never
    },
    async isRefused(name, input, code) {
      const answer = await patiently(() => ask(name, input))
      if (answer.ok || answer.error.code !== code)
        throw new Error(
          `${who} should have been refused ${name} with ${code}, and got ${shown(answer)}.`,
        )
      await afterStep()
      return answer.error
    },
  }
}

const shown = (answer: Answer): string =>
  `${outcomeOf(answer)}: ${JSON.stringify(answer.ok ? answer.data : answer.error).slice(0, 600)}`

const TRIES = 50

/** A server with its default limits is slow for a suite, but not wrong. */
export async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = TRIES; ; left--) {
    const answer = await ask()
    if (answer.ok || answer.error.code !== 'rate_limited' || left === 0) return answer
    await obey(answer.error.retryAfterMs ?? 1000)
  }
}
