import { connect, type Socket } from 'node:net'
import { closeFrame, FrameReader, pongFrame, textFrame } from './frames.ts'

export interface SocketListener {
  text(text: string): void
  /** The last call. 1006: the connection ended without a close frame. */
  closed(code: number): void
}

const KEY = Buffer.alloc(16, 1).toString('base64')

/** Why a connection was not opened. `status` 0: there was no answer. */
export class NotOpenedError extends Error {
  override readonly name = 'NotOpenedError'
  readonly status: number

  constructor(status: number) {
    super(
      status === 0
        ? 'The server did not answer.'
        : `The server answered the upgrade with ${status}.`,
    )
    this.status = status
  }
}

/** A WebSocket as small as possible, on a plain TCP socket: reading can be stopped, and the close code is seen. */
export class ChatSocket {
  readonly #socket: Socket
  readonly #listener: SocketListener
  readonly #reader = new FrameReader()
  #closed = false

  constructor(socket: Socket, listener: SocketListener, early: Buffer) {
    this.#socket = socket
    this.#listener = listener
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('close', () => this.#end(1006))
    if (early.length > 0) this.#read(early)
  }

  send(text: string): void {
    if (!this.#closed) this.#socket.write(textFrame(text))
  }

  /** Stops reading; the bytes pile up in the network and then in the server. */
  stopReading(): void {
    this.#socket.pause()
  }

  readOn(): void {
    this.#socket.resume()
  }

  close(): void {
    if (this.#closed) return
    this.#socket.write(closeFrame(1000))
    this.#end(1000)
  }

  #read(chunk: Buffer): void {
    for (const frame of this.#reader.push(chunk)) {
      if (this.#closed) return
      if (frame.kind === 'text') this.#listener.text(frame.text)
      else if (frame.kind === 'ping') this.#socket.write(pongFrame(frame.payload))
      else {
        this.#socket.write(closeFrame(frame.code === 1005 ? 1000 : frame.code))
        this.#end(frame.code)
      }
    }
  }

  #end(code: number): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.destroySoon()
    this.#listener.closed(code)
  }
}

/** Opens `/v1/ws`. Rejects with `NotOpenedError`. */
export function openSocket(port: number, listener: SocketListener): Promise<ChatSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const refuse = (status: number) => {
      socket.destroy()
      reject(new NotOpenedError(status))
    }
    // Stays for good: a reset after the upgrade ends in `close` as well.
    socket.on('error', () => refuse(0))
    const early = () => refuse(0)
    socket.on('close', early)
    let head = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', onData)
      socket.off('close', early)
      const status = Number(head.toString('latin1').split(' ', 2)[1])
      if (status === 101) resolve(new ChatSocket(socket, listener, head.subarray(end + 4)))
      else refuse(status)
    }
    socket.on('data', onData)
    socket.write(
      `GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
  })
}
