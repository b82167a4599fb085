import { type ChannelInterest, type Cursor, PROTOCOL } from '@tertulia/protocol'
import { randomLetters } from '../names.ts'
import type { FrameOf } from './frames.ts'
import { Line, type LineOptions } from './line.ts'

type Wish = Partial<ChannelInterest> & Pick<ChannelInterest, 'id'>

export interface Hello {
  readonly token?: string
  readonly device?: string
  readonly user?: Cursor | null
  readonly channels?: readonly Wish[]
}

export const helloFrame = (hello: Hello = {}): object => ({
  type: 'hello',
  protocol: PROTOCOL,
  device: `d_${randomLetters(12)}`,
  sdk: 'conformance',
  user: null,
  ...hello,
})

export interface Welcomed {
  readonly line: Line
  readonly welcome: FrameOf<'welcome'>
}

/** Opens a line and says hello on it, up to the welcome. */
export async function openWith(hello: Hello, options: LineOptions): Promise<Welcomed> {
  const line = await Line.open(options)
  line.say(helloFrame(hello))
  const welcome = await line.sees('welcome')
  if (line.frames[0] !== welcome) throw new Error('Something came before the welcome.')
  return { line, welcome }
}
