import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StreamAnnouncement } from '../ports/bus.ts'
import { uidOf } from './product.suite.ts'
import type { Frame, SimulatedSocket } from './sockets.suite.ts'
import { PARTY, World } from './world.suite.ts'

/**
 * Commits, announcements, reads, answers and changes of interest and of access in any order. Whatever the order, a
 * client that applies what it gets in sequence ends at the head, and hears nothing of the time in which it was out.
 */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant('commit' as const) },
  { weight: 8, arbitrary: fc.constant('announce' as const) },
  { weight: 4, arbitrary: fc.constant('snapshot' as const) },
  { weight: 4, arbitrary: fc.constant('answer' as const) },
  { weight: 3, arbitrary: fc.constant('settle' as const) },
  { weight: 1, arbitrary: fc.constantFrom('revoke' as const, 'grant' as const) },
  { weight: 1, arbitrary: fc.constantFrom('shut' as const, 'open' as const) },
  { weight: 2, arbitrary: fc.constantFrom('full' as const, 'list' as const, 'none' as const) },
)
type Step = typeof step extends fc.Arbitrary<infer Kind> ? Kind : never

class Story {
  readonly world = new World({ joiningFrames: 4, requestsBurst: 1000 })
  readonly alice: SimulatedSocket
  readonly #waiting: StreamAnnouncement[] = []
  /** At which seq alice came in or went out. */
  readonly access: { readonly seq: number; readonly isIn: boolean }[] = [{ seq: 1, isIn: true }]
  readonly wishes = new Map<number, string>()
  isMember = true
  isShut = false

  constructor() {
    this.world.product.channel(PARTY, { alice: 0, bob: 0 })
    this.world.product.holdReads = true
    this.alice = this.world.greet('alice', { channels: [PARTY] })
  }

  isInAt(seq: number): boolean {
    return this.access.findLast((change) => change.seq <= seq)?.isIn ?? false
  }

  async take(kind: Step): Promise<void> {
    const { product, bus, time } = this.world
    const [read] = product.reads
    switch (kind) {
      case 'commit':
        this.#waiting.push(product.commit(PARTY))
        return
      case 'announce': {
        const next = this.#waiting.shift()
        if (next) bus.publish(next)
        return
      }
      case 'snapshot':
        read?.snapshot()
        return
      case 'answer':
        read?.answer()
        product.reads.shift()
        await time.settle()
        return
      case 'settle':
        await time.settle()
        return
      case 'shut':
      case 'open':
        this.#turnGate(kind === 'shut')
        return
      case 'revoke':
      case 'grant':
        this.#changeAccess(kind === 'grant')
        return
      default:
        this.#wish(kind)
    }
  }

  #changeAccess(isIn: boolean): void {
    if (isIn === this.isMember) return
    this.isMember = isIn
    const uid = uidOf('alice')
    const change = isIn
      ? ({ kind: 'granted', uid, visibleFrom: 0 } as const)
      : ({ kind: 'revoked', uid } as const)
    const announcement = this.world.product.commit(PARTY, { access: [change] })
    this.access.push({ seq: announcement.seq, isIn: isIn && !this.isShut })
    this.#waiting.push(announcement)
  }

  #turnGate(isShut: boolean): void {
    if (isShut === this.isShut) return
    this.isShut = isShut
    const gate = isShut ? 'shut' : 'opened'
    const announcement = this.world.product.commit(PARTY, { gate, closes: isShut })
    // The event itself says that it is shut: those who watch hear it.
    const seq = isShut ? announcement.seq + 1 : announcement.seq
    this.access.push({ seq, isIn: this.isMember && !isShut })
    this.#waiting.push(announcement)
  }

  /** A client asks only after the welcome. */
  #wish(interest: string): void {
    if (this.alice.heardOf('welcome').length === 0) return
    const id = this.world.ask(this.alice, 'interest.set', { channels: [{ id: PARTY, interest }] })
    this.wishes.set(id, interest)
  }

  async end(): Promise<void> {
    const { product, time } = this.world
    await time.settle()
    while (product.reads.length > 0) await this.take('answer')
    while (this.#waiting.length > 0) await this.take('announce')
    await time.settle()
    await time.pass(2000)
  }
}

interface Client {
  isOpen: boolean
  /** The seq up to which it knows everything. */
  cursor: number
}

function apply(story: Story, client: Client, frame: Frame): void {
  if (frame.type === 'welcome') takeAnswer(client, { answer: frame, interest: 'full' })
  else if (frame.type === 'response') {
    const interest = story.wishes.get(Number(frame['id'])) ?? 'none'
    takeAnswer(client, { answer: frame['data'] as Frame, interest })
  } else if (frame.type === 'bump') expect(story.isInAt(Number(frame['seq']))).toBe(true)
  else takeEvent(story, client, { prev: Number(frame['prev']), seq: Number(frame['seq']) })
}

function takeAnswer(
  client: Client,
  { answer, interest }: { answer: Frame; interest: string },
): void {
  const [sync] = answer['channels'] as readonly { readonly status: string; readonly seq: number }[]
  client.isOpen = interest === 'full' && sync !== undefined && sync.status !== 'gone'
  // An answer may be older than what came live. With `head` the client syncs: it stands at least there.
  if (client.isOpen && sync) client.cursor = Math.max(client.cursor, sync.seq)
}

function takeEvent(
  story: Story,
  client: Client,
  { prev, seq }: { prev: number; seq: number },
): void {
  expect(story.isInAt(seq)).toBe(true)
  // Interest ends when the server takes the request, the client hears it with the answer.
  if (!client.isOpen) return
  expect(seq).toBeGreaterThan(client.cursor)
  expect(prev).toBeLessThanOrEqual(client.cursor)
  client.cursor = seq
}

it('nothing is missed and nothing leaks, in whatever order it happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const story = new Story()
      for (const kind of steps) await story.take(kind)
      await story.end()
      const client: Client = { isOpen: false, cursor: 0 }
      const heard = story.alice.heard()
      expect(heard[0]?.type).toBe('welcome')
      for (const frame of heard) apply(story, client, frame)

      const head = story.world.product.channels.get(PARTY)?.seq ?? 0
      const outAfter = story.access.some(({ seq, isIn }) => !isIn && seq > client.cursor)
      const asked = [...story.wishes.values()].at(-1) ?? 'full'
      if (story.access.length === 1) expect(client.isOpen).toBe(asked === 'full')
      if (client.isOpen && !outAfter) expect(client.cursor).toBe(head)
      expect(story.world.unexpected).toEqual([])
      story.alice.vanish()
      expect(story.world.gateway.counts()).toMatchObject({ connections: 0, users: 0, hubs: 0 })
    }),
    { numRuns: 600 },
  )
})
