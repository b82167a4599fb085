import { type Answer, refusalOf } from './answers.ts'

const TIMEOUT_MS = 10_000

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
}

/** The REST door for one bearer: a user token or an API key. */
export class Rest {
  readonly #base: string
  readonly #bearer: string

  constructor(port: number, bearer: string) {
    this.#base = `http://127.0.0.1:${port}`
    this.#bearer = bearer
  }

  /** Never rejects: a connection that breaks is the answer `none`. */
  async ask({ method, path, body }: Call): Promise<Answer> {
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#bearer}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const answer: unknown = await response.json()
      return response.ok ? { kind: 'data', data: answer } : refusalOf(answer)
    } catch (error) {
      return { kind: 'none', why: error instanceof Error ? error.message : String(error) }
    }
  }

  /** For what must work: rejects with the code of the refusal. */
  async must<T>(call: Call): Promise<T> {
    const answer = await this.ask(call)
    if (answer.kind === 'data') return answer.data as T
    const why = answer.kind === 'refused' ? answer.code : answer.why
    throw new Error(`${call.method} ${call.path} was not answered: ${why}.`)
  }
}
