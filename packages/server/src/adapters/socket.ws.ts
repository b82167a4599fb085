import type { Socket as NetSocket } from 'node:net'
import { type Limits, SUBPROTOCOL } from '@tertulia/protocol'
import { type Server, WebSocket, WebSocketServer } from 'ws'
import type { Framing, Socket, SocketEvents } from '../ports/socket.ts'

/**
 * A WebSocket that is written to past the library: finished frames go straight to the network socket, so that one
 * frame serves any number of connections. The library reads, checks, answers pings and closes.
 */
export class WsSocket extends WebSocket implements Socket<Buffer> {
  #net: NetSocket | null = null
  #events: SocketEvents | null = null
  #isFull = false

  /** Begins to tell the events. `net` is the socket of the upgrade. */
  attach(net: NetSocket, events: SocketEvents): void {
    this.#net = net
    this.#events = events
    this.on('message', onMessage)
    this.on('ping', onPing)
    this.on('error', onError)
    this.on('close', onClose)
  }

  write(bytes: Buffer): void {
    if (this.#net === null || this.readyState !== WebSocket.OPEN) return
    if (!this.#net.write(bytes) && !this.#isFull) this.#awaitDrain(this.#net)
  }

  #awaitDrain(net: NetSocket): void {
    this.#isFull = true
    net.once('drain', () => {
      this.#isFull = false
      if (this.readyState === WebSocket.OPEN) this.#events?.drained()
    })
  }

  unsentBytes(): number {
    return this.#net?.writableLength ?? 0
  }

  take(data: WebSocket.RawData, isBinary: boolean): void {
    // After its own close frame the server listens to nothing but the answer to it.
    if (this.readyState !== WebSocket.OPEN || !Buffer.isBuffer(data)) return
    if (isBinary) this.#events?.binary()
    else this.#events?.text(data.toString())
  }

  takePing(): void {
    if (this.readyState === WebSocket.OPEN) this.#events?.pinged()
  }

  end(code: number): void {
    const events = this.#events
    this.#events = null
    this.#net = null
    events?.closed(code)
  }
}

// Shared by all sockets: a closure for each would cost more memory than the rest of this file.
function onMessage(this: WebSocket, data: WebSocket.RawData, isBinary: boolean): void {
  if (this instanceof WsSocket) this.take(data, isBinary)
}

function onPing(this: WebSocket): void {
  if (this instanceof WsSocket) this.takePing()
}

/** The library has closed the connection with the right code already, and tells that by `close`. */
function onError(): void {}

function onClose(this: WebSocket, code: number): void {
  if (this instanceof WsSocket) this.end(code)
}

/** Makes sockets out of upgrade requests, and nothing else: it listens nowhere and keeps no list. */
export function createWsServer(limits: Limits): Server<typeof WsSocket> {
  const settings = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    skipUTF8Validation: false,
    closeTimeout: limits.closeMs,
    // The library would cut a burst of pings without a code. The inbound budget bounds them, and ends with 4429.
    maxPendingAutoPongs: 0,
    WebSocket: WsSocket,
    handleProtocols: (offered: Set<string>) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  }
  return new WebSocketServer(settings)
}

const FINAL_TEXT = 0x81
const LENGTH_16 = 126
const LENGTH_64 = 127

/** Text frames of a server (RFC 6455, 5.2): final, not masked, not compressed. */
export const wsFraming: Framing<Buffer> = {
  frame(text) {
    const length = Buffer.byteLength(text)
    const head = headOf(length)
    const bytes = Buffer.allocUnsafe(head + length)
    bytes[0] = FINAL_TEXT
    if (head === 2) bytes[1] = length
    else if (head === 4) {
      bytes[1] = LENGTH_16
      bytes.writeUInt16BE(length, 2)
    } else {
      bytes[1] = LENGTH_64
      bytes.writeBigUInt64BE(BigInt(length), 2)
    }
    bytes.write(text, head)
    return bytes
  },
  join: (frames) => Buffer.concat(frames),
  size: (bytes) => bytes.length,
}

const headOf = (length: number): 2 | 4 | 10 => (length < LENGTH_16 ? 2 : length < 0x10000 ? 4 : 10)
