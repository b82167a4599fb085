import type { Block, BlockMode } from '@tertulia/protocol'

interface Said {
  readonly seq: number
  readonly author: string
  /** Null for everybody. */
  readonly to: string | null
  /** Whether it was none for whom it means, when it was made. */
  readonly isVoid: boolean
}

/** Who should see what of whom, in the simplest words: what a server does is compared with it. */
export class BlockFilter {
  readonly #blocks = new Map<string, { readonly mode: BlockMode; readonly at: number }>()
  readonly #mentions: Said[] = []
  readonly #read = new Map<string, number>()

  block(by: string, { userId, mode, blockedAt }: Block): void {
    this.#blocks.set(`${by} ${userId}`, { mode, at: blockedAt })
  }

  unblock(by: string, other: string): void {
    this.#blocks.delete(`${by} ${other}`)
  }

  mode(by: string, other: string): BlockMode | null {
    return this.#blocks.get(`${by} ${other}`)?.mode ?? null
  }

  /** Neither reaches the other, and neither hears that the other types. */
  isSilent(one: string, other: string): boolean {
    return this.mode(one, other) !== null || this.mode(other, one) !== null
  }

  /** The viewer learns nothing of whether the other is there, nor how far they read. */
  hides(viewer: string, other: string): boolean {
    return this.mode(other, viewer) !== null || this.mode(viewer, other) === 'twoWay'
  }

  /** When the other one was there last at the latest, as the viewer sees it; null when nothing is hidden. */
  goneSince(viewer: string, other: string): number | null {
    const theirs = this.#blocks.get(`${other} ${viewer}`)
    const mine = this.#blocks.get(`${viewer} ${other}`)
    const hiding = [theirs, mine?.mode === 'twoWay' ? mine : undefined]
    const times = hiding.flatMap((block) => block?.at ?? [])
    return times.length > 0 ? Math.min(...times) : null
  }

  mentions(author: string, to: string | null, seq: number): void {
    const isVoid = to !== null && this.mode(to, author) !== null
    this.#mentions.push({ seq, author, to, isVoid })
  }

  reads(reader: string, seq: number): void {
    this.#read.set(reader, seq)
  }

  /** Who read, as the viewer sees it. */
  readersFor(viewer: string): Map<string, number> {
    return new Map([...this.#read].filter(([reader]) => !this.hides(viewer, reader)))
  }

  mentionsOf(user: string): number {
    const after = this.#read.get(user) ?? 0
    return this.#mentions.filter(
      ({ seq, author, to, isVoid }) =>
        seq > after &&
        author !== user &&
        (to === null ? this.mode(user, author) === null : to === user && !isVoid),
    ).length
  }
}
