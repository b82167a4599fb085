import { expect } from 'vitest'
import { type Answer, clientId, openCore } from '../fixtures/core.ts'
import { outboxCheck } from '../kernel/outbox.check.ts'
import { checkStore } from '../upkeep/checkStore.ts'
import { checks } from './index.ts'

/** Two nodes on one store, neither of which hears the other: only the store keeps them apart. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 40)

type Core = Awaited<ReturnType<typeof openCore>>
export type User = Awaited<ReturnType<Core['user']>>

interface Nodes {
  readonly one: Core
  readonly other: Core
  /** The same person, at each of the nodes. */
  person(id: string): Promise<readonly [User, User]>
}

/** Runs a race many times, on two nodes, and looks at every row in the end. */
export async function race(
  limits: object,
  round: (nodes: Nodes, nth: number) => Promise<void>,
): Promise<void> {
  await using one = await openCore({ limits })
  await using other = await openCore({ limits, beside: one })
  const person = async (id: string) => [await one.user(id), await other.user(id)] as const
  for (let nth = 0; nth < ROUNDS; nth++) await round({ one, other, person }, nth)
  const faults: unknown[] = []
  await checkStore({
    engine: one.engine,
    checks: [...checks, outboxCheck],
    repair: false,
    found: (fault) => void faults.push(fault),
    progress() {},
  })
  expect(faults).toEqual([])
}

interface Outcome {
  readonly answer: Answer
  readonly code: string | null
}

export const outcomeOf = (call: Promise<Answer>): Promise<Outcome> =>
  call.then(
    (answer) => ({ answer, code: null }),
    (error) => ({ answer: null, code: error.code ?? String(error) }),
  )

/** Both at once; which of them is asked first takes turns. */
export async function together(
  nth: number,
  first: () => Promise<Answer>,
  second: () => Promise<Answer>,
): Promise<readonly [Outcome, Outcome]> {
  if (nth % 2 === 0) return Promise.all([outcomeOf(first()), outcomeOf(second())])
  const late = outcomeOf(second())
  return [await outcomeOf(first()), await late]
}

/** Alice owns a channel with Bob in it. */
export async function lunch({ person }: Nodes, role = 'member') {
  const [alice, bob] = [await person('alice'), await person('bob')]
  const members = [{ userId: 'bob' }]
  const { channel } = await alice[0].call('channel.create', { clientId: clientId(), members })
  if (role !== 'member')
    await alice[0].call('member.update', { channelId: channel.id, userId: 'bob', role })
  return { channelId: channel.id as string, alice, bob }
}

export const text = () => ({ clientId: clientId(), text: 'hi' })
