import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Line } from './line.ts'

export const OPCODES = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface RawFrame {
  readonly opcode?: number
  readonly payload?: string | Buffer
  readonly fin?: boolean
  /** The reserved bits: 4, 2 and 1. */
  readonly reserved?: number
  readonly masked?: boolean
  /** What the head says of the length, whatever follows. */
  readonly length?: bigint
}

/** A WebSocket frame (RFC 6455, 5.2), right or wrong: a final, masked text when nothing else is said. */
export function rawFrame({
  opcode = OPCODES.text,
  payload = '',
  fin = true,
  reserved = 0,
  masked = true,
  length,
}: RawFrame = {}): Buffer {
  const body = Buffer.from(payload)
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  const head = Buffer.from([first, ...lengthBytes(length ?? BigInt(body.length), masked)])
  if (!masked) return Buffer.concat([head, body])
  const mask = randomBytes(4)
  const hidden = body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([head, mask, hidden])
}

function lengthBytes(length: bigint, masked: boolean): readonly number[] {
  const bit = masked ? 0x80 : 0
  if (length < 126n) return [bit | Number(length)]
  const wide = length > 0xffffn
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(length)
  return [bit | (wide ? 127 : 126), ...bytes.subarray(wide ? 0 : 6)]
}

/** Writes past the WebSocket library, which would never send this. */
export function sayBytes({ ws }: Line, bytes: Buffer): void {
  const { _socket: socket } = ws as unknown as { readonly _socket: Socket | null }
  if (socket?.writable) socket.write(bytes)
}
