import type { OperationName } from '@tertulia/protocol'
import { theTarget } from '../cast.ts'
import type { Answer } from '../doors/answer.ts'
import { openWith } from '../doors/hello.ts'
import type { Line } from '../doors/line.ts'
import { callRest } from '../doors/rest.ts'
import { Ears } from '../ears.ts'
import { patiently } from '../voice.ts'
import type { UserActor } from './actors.ts'
import type { Expectation } from './expectations.ts'
import { type Asking, inputs, isShown } from './inputs.ts'
import type { Stage, Things } from './stage.ts'

/** One question over one door. */
export type Ask = (name: OperationName, asking: Asking) => Promise<Answer>

export const overRest: Ask = (name, asking) =>
  patiently(() =>
    callRest(
      { url: theTarget().urls[0], bearer: asking.bearer, ears: new Ears() },
      name,
      inputs[name](asking),
    ),
  )

/** A connection of each user of a stage, opened when it is first needed. */
export class StageLines {
  readonly #stage: Stage
  readonly #lines = new Map<UserActor, Promise<Line>>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  readonly ask: Ask = async (name, asking) => {
    const line = await this.#lineOf(asking.actor as UserActor)
    return patiently(() => line.asks(name, inputs[name](asking)))
  }

  #lineOf(actor: UserActor): Promise<Line> {
    const open = async () => {
      const token = this.#stage.bearers[actor] ?? ''
      return (await openWith({ token }, { url: theTarget().urls[0], ears: new Ears() })).line
    }
    const line = this.#lines.get(actor) ?? open()
    this.#lines.set(actor, line)
    return line
  }

  async close(): Promise<void> {
    for (const line of this.#lines.values()) await (await line).hangUp()
  }
}

export function came(name: OperationName, answer: Answer, things: Things): Expectation {
  if (!answer.ok) return answer.error.code
  return isShown(name, answer.data, things) ? 'done' : 'hidden'
}

/** An answer without what differs between two equal ones: the request id, and the ids that were asked about. */
export function faceOf(answer: Answer, things: Things): string {
  const { headers } = answer as { readonly headers?: Headers }
  const body = answer.ok ? answer.data : { ...answer.error, requestId: '' }
  const shown = JSON.stringify({
    body,
    headers: [...(headers ?? [])].filter(([name]) => !CHANGING.has(name)),
  })
  return Object.values(things)
    .filter((value) => typeof value === 'string')
    .reduce((text, id) => text.replaceAll(id, '#'), shown)
}

const CHANGING = new Set(['date', 'x-request-id', 'content-length'])
