import type { Framing, Socket } from '@tertulia/server/parts'
import type { Wire } from '../world/wire.ts'
import type { Life } from './life.ts'

/** Frames as texts: one write holds the frames of one turn. */
export type Texts = readonly string[]

export const textFraming: Framing<Texts> = {
  frame: (text) => [text],
  join: (frames) => frames.flat(),
  size: (texts) => texts.reduce((sum, text) => sum + text.length, 0),
}

export interface SimSocketOptions {
  readonly wire: Wire
  readonly life: Life
  /** What is written, before the network does anything to it. */
  readonly written: (text: string) => void
}

/** The server's end of a simulated connection. */
export const simSocket = ({ wire, life, written }: SimSocketOptions): Socket<Texts> => ({
  write(texts) {
    if (life.vigour === 'dead') return
    for (const text of texts) written(text)
    wire.write(texts)
  },
  unsentBytes: () => wire.unsentBytes(),
  close(code) {
    if (life.vigour !== 'dead') wire.closeFromFar(code)
  },
  terminate() {
    if (life.vigour !== 'dead') wire.closeFromFar(1006)
  },
})
