/**
 * One connected client, as little of it as the frame loop needs. `ws` implements it for production, the
 * simulation for replayable runs.
 */
export interface Socket<Bytes = Uint8Array> {
  /** Hands bytes made by `Framing` to the network, in order. Never throws; after a close it does nothing. */
  write(bytes: Bytes): void
  /** Bytes handed over that the network has not taken yet. */
  unsentBytes(): number
  /** Sends a close frame and ends the connection, at once for the frame loop: no text arrives after it. */
  close(code: number, reason: string): void
  /** Ends the connection without a word. */
  terminate(): void
}

/** How texts become bytes of one transport: done once per frame, however many sockets get it. */
export interface Framing<Bytes = Uint8Array> {
  frame(text: string): Bytes
  /** One buffer for several frames in a row. */
  join(frames: readonly Bytes[]): Bytes
  size(bytes: Bytes): number
}

/** What a transport tells the frame loop about one socket. */
export interface SocketEvents {
  text(text: string): void
  /** A frame that is not text: the frame loop closes with 1003. */
  binary(): void
  /** A ping below the frames, already answered: a sign of life that costs some of the inbound budget. */
  pinged(): void
  /** Everything handed over was taken. */
  drained(): void
  /** The last call for this socket. */
  closed(code: number): void
}

/** Who comes in, as far as the transport knows. */
export interface Caller {
  /** Where the client is after trusted proxies: an IPv4 address, or the /64 of an IPv6 one. */
  readonly address: string
  /** The token of the `Authorization` header of the upgrade, or null. */
  readonly token: string | null
  /** The ticket of the query, or null. */
  readonly ticket: string | null
}
