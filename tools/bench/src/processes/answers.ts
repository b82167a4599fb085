import { memoryUsage, resourceUsage } from 'node:process'

export type Handlers = Readonly<Record<string, (input: never) => unknown>>

interface Question {
  readonly id: number
  readonly name: string
  readonly input: never
}

/** Makes this process answer its parent; it ends when the parent lets go of it. */
export function answer(handlers: Handlers): void {
  const all: Handlers = { ...about, ...handlers }
  process.on('message', ({ id, name, input }: Question) => void reply(all, { id, name, input }))
  process.on('disconnect', () => process.exit(0))
}

async function reply(handlers: Handlers, { id, name, input }: Question): Promise<void> {
  try {
    const handler = handlers[name]
    if (!handler) throw new Error(`This process does not know ${name}.`)
    process.send?.({ id, answer: (await handler(input)) ?? null })
  } catch (error) {
    process.send?.({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  }
}

/** CPU seconds of this process since its start, by all its threads. */
export interface Usage {
  readonly user: number
  readonly system: number
}

const about: Handlers = {
  usage: (): Usage => {
    const { userCPUTime, systemCPUTime } = resourceUsage()
    return { user: userCPUTime / 1e6, system: systemCPUTime / 1e6 }
  },
  rss: (): number => memoryUsage.rss(),
  /** Bytes that live objects of JavaScript take. */
  heap: (): number => memoryUsage().heapUsed,
  collectGarbage: () => {
    globalThis.gc?.()
    globalThis.gc?.()
  },
}
