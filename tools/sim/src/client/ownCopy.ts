import type { ChannelListItem, User, UserSync } from '@tertulia/protocol'
import type { StreamCopy, ToldEvent } from './follower.ts'

type Delta = Extract<UserSync, { status: 'delta' }>
type Reset = Extract<UserSync, { status: 'reset' }>

export interface OwnCopyOptions {
  readonly joined: (channelId: string) => void
  readonly left: (channelId: string) => void
}

/** One channel of the list, as much of it as the own stream tells. */
export type Listed = Pick<ChannelListItem, 'channel' | 'me'>

/** What one device holds of the own stream: the profile and the list of channels. */
export class OwnCopy implements StreamCopy<Delta, Reset> {
  readonly list = new Map<string, Listed>()
  user: User | null = null
  resets = 0
  readonly #options: OwnCopyOptions

  constructor(options: OwnCopyOptions) {
    this.#options = options
  }

  applyEvent({ name, data }: ToldEvent): void {
    const told = data as Partial<Listed> & { user?: User; channelId?: string }
    if (name === 'user.updated' && told.user) this.user = told.user
    if (name === 'channel.joined' && told.channel && told.me)
      this.#join(told.channel.id, told as Listed)
    if (name === 'channel.left' && told.channelId) this.#leave(told.channelId)
  }

  extendTo(): void {}

  applyDelta({ user, joined, left }: Delta): void {
    if (user) this.user = user
    for (const item of joined) this.#join(item.channel.id, item)
    for (const { channelId } of left) this.#leave(channelId)
  }

  /** The list is complete: the simulation has fewer channels than fit into one reset. */
  applyReset({ user, joined }: Reset): void {
    this.resets++
    this.user = user
    const kept = new Set(joined.map(({ channel }) => channel.id))
    for (const id of [...this.list.keys()]) if (!kept.has(id)) this.#leave(id)
    for (const item of joined) this.#join(item.channel.id, item)
  }

  #join(id: string, { channel, me }: Listed): void {
    this.list.set(id, { channel, me })
    this.#options.joined(id)
  }

  #leave(id: string): void {
    this.list.delete(id)
    this.#options.left(id)
  }
}
