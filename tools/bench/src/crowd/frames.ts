const MASKED = 0x80
const FINAL = 0x80
export const TEXT = 1
export const CLOSE = 8
export const PING = 9
export const PONG = 10

/** A frame of a client (RFC 6455): masked, as it must be, with a mask of zeros, which costs nobody anything. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const length = payload.length
  const extended = length < 126 ? 0 : length < 0x10000 ? 2 : 8
  const bytes = Buffer.alloc(2 + extended + 4 + length)
  bytes[0] = FINAL | opcode
  bytes[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) bytes.writeUInt16BE(length, 2)
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(length), 2)
  payload.copy(bytes, 2 + extended + 4)
  return bytes
}

export const textFrame = (text: string): Buffer => clientFrame(TEXT, Buffer.from(text))

/** A text frame of a server, as one that only counts them needs it made. */
export function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4)
  head[0] = FINAL | TEXT
  head[1] = Math.min(payload.length, 126)
  if (head.length === 4) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

/** Where one frame stands in the bytes of a connection. */
export interface FramePlace {
  opcode: number
  start: number
  end: number
}

/** Finds the frame that begins at `at`, or returns false when it is not there as a whole. Fills `place`. */
export function findFrame(data: Buffer, at: number, place: FramePlace): boolean {
  if (data.length - at < 2) return false
  const short = (data[at + 1] ?? 0) & 0x7f
  const head = short < 126 ? 2 : short === 126 ? 4 : 10
  if (data.length - at < head) return false
  const length =
    short < 126
      ? short
      : short === 126
        ? data.readUInt16BE(at + 2)
        : Number(data.readBigUInt64BE(at + 2))
  place.opcode = (data[at] ?? 0) & 0x0f
  place.start = at + head
  place.end = at + head + length
  return place.end <= data.length
}
