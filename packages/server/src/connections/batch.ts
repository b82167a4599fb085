import type { Framing } from '../ports/socket.ts'
import type { Bytes } from './bytes.ts'

/**
 * A sequence of frames that some connections get in this turn, as a tree: the parent is the sequence without the
 * last frame. Connections with the same sequence stand at the same node and share its joined bytes.
 */
export class Batch {
  readonly #parent: Batch | null
  readonly #frame: Bytes | null
  readonly #length: number
  readonly size: number
  #joined: Bytes | null = null
  // Nearly always there is one way on, so it is looked up without a map.
  #firstFrame: Bytes | null = null
  #first: Batch | null = null
  #others: Map<Bytes, Batch> | null = null

  constructor(parent: Batch | null, frame: Bytes | null, size: number) {
    this.#parent = parent
    this.#frame = frame
    this.size = size
    this.#length = parent === null ? 0 : parent.#length + 1
  }

  /** This sequence and one more frame. */
  and(frame: Bytes, framing: Framing<Bytes>): Batch {
    if (this.#firstFrame === frame && this.#first !== null) return this.#first
    return this.#others?.get(frame) ?? this.#grow(frame, framing)
  }

  #grow(frame: Bytes, framing: Framing<Bytes>): Batch {
    const child = new Batch(this, frame, this.size + framing.size(frame))
    if (this.#first === null) {
      this.#firstFrame = frame
      this.#first = child
    } else {
      this.#others ??= new Map()
      this.#others.set(frame, child)
    }
    return child
  }

  /** The bytes of the whole sequence; a single frame is given as it is. */
  bytes(framing: Framing<Bytes>): Bytes | null {
    if (this.#length <= 1) return this.#frame
    this.#joined ??= framing.join(this.#frames())
    return this.#joined
  }

  #frames(): Bytes[] {
    const frames: Bytes[] = []
    for (let at: Batch | null = this; at !== null; at = at.#parent) {
      if (at.#frame !== null) frames.push(at.#frame)
    }
    return frames.reverse()
  }

  /** Forgets the turn. Only for the root, when nobody stands further on. */
  clear(): void {
    this.#firstFrame = null
    this.#first = null
    this.#others = null
  }
}
