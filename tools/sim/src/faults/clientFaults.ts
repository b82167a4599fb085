import type { Cursor, Message } from '@tertulia/protocol'
import { ChannelCopy } from '../client/channelCopy.ts'
import { Follower, type RangeFrame } from '../client/follower.ts'
import { type Entry, SendQueue } from '../client/sendQueue.ts'
import type { Fault } from './fault.ts'

type Deltas = { readonly status: 'delta'; readonly epoch: number; readonly through: number }
type Resets = { readonly status: 'reset'; readonly epoch: number; readonly through: number }

class ForgetfulFollower<D extends Deltas, R extends Resets> extends Follower<D, R> {
  protected override standing(frame: RangeFrame, cursor: Cursor): 'next' | 'early' {
    return super.standing(frame, cursor) === 'early' ? 'early' : 'next'
  }

  protected override isOld(): boolean {
    return false
  }

  protected override seqAfterDelta(through: number): number {
    return through
  }
}

class CarelessFollower<D extends Deltas, R extends Resets> extends Follower<D, R> {
  protected override standing(frame: RangeFrame, cursor: Cursor): 'seen' | 'next' {
    return frame.seq <= cursor.seq ? 'seen' : 'next'
  }
}

class SanguineFollower<D extends Deltas, R extends Resets> extends Follower<D, R> {
  override onFrame(frame: RangeFrame): void {
    super.onFrame({ ...frame, omitted: 0 })
  }
}

class DeafFollower<D extends Deltas, R extends Resets> extends Follower<D, R> {
  override onHeartbeat(): void {}
}

class LastWriterWins extends ChannelCopy {
  protected override isNewer(): boolean {
    return true
  }
}

class DeafToThreads extends ChannelCopy {
  protected override keepThread(): void {}
}

class EchoOnly extends SendQueue {
  protected override isSettled(): boolean {
    return false
  }

  override stored(message: Message, arrival: 'event' | 'row'): void {
    if (arrival === 'event') super.stored(message, arrival)
  }
}

class Impatient extends SendQueue {
  protected override mayFollow(own: readonly Entry[], entry: Entry): boolean {
    return own.includes(entry)
  }
}

export const clientFaults: readonly Fault[] = [
  {
    name: 'omitted-is-held',
    what: 'A client takes a range of which something was left out for complete.',
    parts: { Follower: SanguineFollower },
  },
  {
    name: 'cursor-goes-back',
    what: 'A client takes the position of every frame and delta, also of old ones.',
    parts: { Follower: ForgetfulFollower },
  },
  {
    name: 'no-gap-check',
    what: 'A client applies every frame above its cursor, whatever came before it.',
    parts: { Follower: CarelessFollower },
  },
  {
    name: 'heads-ignored',
    what: 'A client does not compare the heads of heartbeats with its cursors.',
    parts: { Follower: DeafFollower },
  },
  {
    name: 'last-writer-wins',
    what: 'A client lets a row that comes later overwrite a newer one.',
    parts: { ChannelCopy: LastWriterWins },
  },
  {
    name: 'summaries-ignored',
    what: 'A client keeps the summary of a thread only when it comes with its root.',
    parts: { ChannelCopy: DeafToThreads },
  },
  {
    name: 'settle-by-echo',
    what: 'A client settles a send by its event alone, never by the answer or a row.',
    parts: { SendQueue: EchoOnly },
  },
  {
    name: 'sends-overtake',
    what: 'A client sends the next message before the answer to the one before has come.',
    parts: { SendQueue: Impatient },
  },
]
