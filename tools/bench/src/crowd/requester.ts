import type { Client } from './client.ts'

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

const ANSWER = /^\{"type":"response","id":(\d+),"(data|error)":/

/** Requests over one of our connections. Answers are looked at only as far as needed to tell them apart. */
export class Requester {
  readonly #client: Client
  readonly #waiting = new Map<number, Waiting>()
  #requests = 0

  constructor(client: Client) {
    this.#client = client
    client.onText = (text) => this.#take(text)
  }

  /** Resolves when it is answered; rejects when the answer is an error. */
  ask(op: string, data: unknown): Promise<void> {
    return this.askAll(op, [data])
  }

  /** Several requests in one write. */
  async askAll(op: string, inputs: readonly unknown[]): Promise<void> {
    const frames = inputs.map((data) => {
      const id = ++this.#requests
      const answered = new Promise<void>((resolve, reject) =>
        this.#waiting.set(id, { resolve, reject }),
      )
      return { answered, text: JSON.stringify({ type: 'request', id, op, data }) }
    })
    this.#client.sendAll(frames.map(({ text }) => text))
    await Promise.all(frames.map(({ answered }) => answered))
  }

  #take(text: string): void {
    const [, id, kind] = ANSWER.exec(text) ?? []
    if (id === undefined) return
    const waiting = this.#waiting.get(Number(id))
    this.#waiting.delete(Number(id))
    if (kind === 'data') waiting?.resolve()
    else waiting?.reject(new Error(`The server refused: ${text}`))
  }
}
