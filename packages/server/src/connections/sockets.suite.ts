import type { Framing, Socket, SocketEvents } from '../ports/socket.ts'

/** Frames as the simulated network carries them: by reference, so that sharing can be seen. */
export type Frames = readonly string[]

export const simulatedFraming: Framing<Frames> = {
  frame: (text) => [text],
  join: (frames) => frames.flat(),
  size: (frames) => frames.reduce((bytes, text) => bytes + text.length, 0),
}

export interface Frame {
  readonly type: string
  readonly [field: string]: unknown
}

/** The server's end of a connection, with a network that may stall. */
export class SimulatedSocket implements Socket<Frames> {
  readonly writes: Frames[] = []
  closedWith: { readonly code: number; readonly reason: string } | 'terminated' | null = null
  #unsent = 0
  #stalled = false
  #events: SocketEvents | null = null

  attach(events: SocketEvents): void {
    this.#events = events
  }

  write(frames: Frames): void {
    if (this.closedWith) return
    this.writes.push(frames)
    if (this.#stalled) this.#unsent += simulatedFraming.size(frames)
  }

  unsentBytes(): number {
    return this.#unsent
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason }
  }

  terminate(): void {
    this.closedWith = 'terminated'
  }

  get closeCode(): number | null {
    return this.closedWith === null || this.closedWith === 'terminated'
      ? null
      : this.closedWith.code
  }

  /** The network takes nothing any more. */
  stall(): void {
    this.#stalled = true
  }

  /** The network takes so many bytes of what waits. */
  take(bytes: number): void {
    this.#unsent = Math.max(0, this.#unsent - bytes)
    if (this.#unsent === 0) this.#events?.drained()
  }

  /** The network works again and takes everything. */
  recover(): void {
    this.#stalled = false
    this.take(this.#unsent)
  }

  // The client's end.

  say(frame: unknown): void {
    this.sayText(JSON.stringify(frame))
  }

  sayText(text: string): void {
    if (!this.closedWith) this.#events?.text(text)
  }

  sayBinary(): void {
    this.#events?.binary()
  }

  ping(): void {
    this.#events?.pinged()
  }

  /** The client is gone, or has answered the close frame. */
  vanish(): void {
    this.#events?.closed(1006)
  }

  /** Everything that the client got, in order. */
  heard(): Frame[] {
    return this.writes.flat().map((text) => JSON.parse(text) as Frame)
  }

  /** What the client got of one type. */
  heardOf(type: string): Frame[] {
    return this.heard().filter((frame) => frame.type === type)
  }

  /** Forgets what it got so far. */
  forget(): void {
    this.writes.length = 0
  }
}
