/** One WebSocket frame (RFC 6455) as the server sends it. Our server never fragments. */
export type Frame =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly code: number }
  | { readonly kind: 'ping'; readonly payload: Buffer }

const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9
const PONG = 0xa
const FIN = 0x80
const MASKED = 0x80

/** Client frames must carry a mask; one of zeros changes no byte. */
const ZERO_MASK = Buffer.alloc(4)

function encode(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length < 126)
    return Buffer.concat([Buffer.from([FIN | opcode, MASKED | length]), ZERO_MASK, payload])
  const head = Buffer.alloc(4)
  head[0] = FIN | opcode
  head[1] = MASKED | 126
  // Throws above 65,535 bytes, which is also what the server takes in one frame.
  head.writeUInt16BE(length, 2)
  return Buffer.concat([head, ZERO_MASK, payload])
}

export const textFrame = (text: string): Buffer => encode(TEXT, Buffer.from(text))
export const pongFrame = (payload: Buffer): Buffer => encode(PONG, payload)

export function closeFrame(code: number): Buffer {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(code)
  return encode(CLOSE, payload)
}

/** Cuts the bytes of a connection into frames. */
export class FrameReader {
  #chunks: Buffer[] = []
  #length = 0
  /** Bytes below which there is no whole frame: a long one is put together once. */
  #needed = 2

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#needed) return []
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const frames: Frame[] = []
    let span = spanOf(bytes)
    for (; span && bytes.length >= span.end; span = spanOf(bytes)) {
      const frame = frameOf(bytes, span)
      if (frame) frames.push(frame)
      bytes = bytes.subarray(span.end)
    }
    this.#chunks = [bytes]
    this.#length = bytes.length
    this.#needed = span?.end ?? bytes.length + 1
    return frames
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** The frame, or null when it is of a kind that tells nothing here. */
function frameOf(bytes: Buffer, { start, end }: Span): Frame | null {
  const opcode = (bytes[0] ?? 0) & 0x0f
  const payload = bytes.subarray(start, end)
  if (opcode === TEXT) return { kind: 'text', text: payload.toString('utf8') }
  if (opcode === PING) return { kind: 'ping', payload }
  if (opcode !== CLOSE) return null
  return { kind: 'close', code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005 }
}

/** Where the payload of the first frame stands, or null while its head is not there. */
function spanOf(bytes: Buffer): Span | null {
  if (bytes.length < 2) return null
  const short = (bytes[1] ?? 0) & 0x7f
  if (short < 126) return { start: 2, end: 2 + short }
  const start = short === 126 ? 4 : 10
  if (bytes.length < start) return null
  const length = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return { start, end: start + length }
}
