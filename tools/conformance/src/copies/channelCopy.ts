import type { Me, Member } from '@tertulia/protocol'
import {
  type ChannelState,
  type Reset,
  stateOfReset,
  type Told,
  withEvent,
} from './channelState.ts'
import { Follower, type Position, type RangeFrame, toldBy } from './follower.ts'
import { type Hole, holesOf } from './holes.ts'

interface Resumption {
  readonly epoch: number
  readonly through: number
  readonly state: (old: ChannelState) => ChannelState
}

/** A channel as one connection follows it: a reset, and every frame since. */
export class ChannelCopy {
  readonly id: string
  state: ChannelState | null = null
  /** Whether the channel ended for its holder. */
  gone = false
  /** Whether it was disabled: what was known is kept until the holder asks again. */
  shut = false
  /** The last place at which the law held, with what the copy was then. */
  proven: { readonly position: Position; readonly state: ChannelState } | null = null
  /** Every event since the beginning, in order. */
  readonly told: Told[] = []
  /** Where something was left out since the reset that it began with. */
  holes: readonly Hole[] = []
  readonly #follower = new Follower((frame) => this.#apply(frame))

  readonly #viewer: string

  constructor(id: string, viewer: string) {
    this.id = id
    this.#viewer = viewer
  }

  get position(): Position | null {
    return this.#follower.position
  }

  begin(reset: Reset, members: readonly Member[]): void {
    this.state = stateOfReset(reset, members, this.#viewer)
    this.holes = []
    const position = { epoch: reset.epoch, seq: reset.through }
    this.proven = { position, state: this.state }
    this.#follower.begin(position)
  }

  /** Goes on where an older copy stopped. The law then looks back to where it held last. */
  resume(old: ChannelCopy, { epoch, through, state }: Resumption): void {
    if (!old.state) throw new Error(`The older copy of ${this.id} never began.`)
    this.state = state(old.state)
    this.holes = old.holes
    this.proven = old.proven
    this.#follower.begin({ epoch, seq: through })
  }

  /** Somebody who read without being a member became one: the own stream says how (VIS-5). */
  joined(me: Me): void {
    if (this.state && this.state.me?.state !== 'joined') this.state = { ...this.state, me }
  }

  receive(frame: RangeFrame): void {
    this.#follower.receive(frame)
  }

  #apply(frame: RangeFrame): void {
    this.holes = [...this.holes, ...holesOf(frame)]
    for (const event of toldBy(frame)) {
      this.told.push(event)
      if (event.name === 'channel.deleted') this.gone = true
      else if (this.state) {
        this.state = withEvent(this.state, event)
        this.shut = this.state.channel.state === 'disabled'
      }
    }
  }
}
