import type { Evidence } from '../history/record.ts'
import { comes, now } from '../waiting.ts'
import { headOf, readBackward, readForward } from './pages.ts'
import type { Scene } from './scene.ts'

export interface Healed {
  readonly evidence: Evidence
  /** Whether everybody caught up in time. */
  readonly healed: boolean
  readonly healMs: number
}

/** Waits until everybody caught up, and returns what is known then, caught up in time or not. */
export async function heal(scene: Scene): Promise<Healed> {
  const { server, supervisor, people, channels, history, allWelcome, patienceMs } = scene
  await supervisor.ready()
  await allWelcome()
  const startedAt = now()
  const heads = new Map<string, number>()
  for (const channel of channels) heads.set(channel, await headOf(server, channel))
  const healed = await comes(
    () => people.every((person) => person.replicas.hold(heads)),
    patienceMs,
  )
  const healMs = now() - startedAt
  for (const channel of channels) {
    const by = 'the server'
    history.listed({ source: 'forward', by, channel, messages: await readForward(server, channel) })
    history.listed({
      source: 'backward',
      by,
      channel,
      messages: await readBackward(server, channel),
    })
  }
  return {
    evidence: history.evidence(people.flatMap(({ replicas }) => replicas.beliefs)),
    healed,
    healMs,
  }
}
