import type { ChannelSync, UserSync } from '@tertulia/protocol'
import type { ChannelCopy } from './channelCopy.ts'
import type { Follower } from './follower.ts'
import type { HistoryPages } from './historyPages.ts'

export type Interest = 'full' | 'list' | 'none'

type Delta<Sync> = Extract<Sync, { readonly status: 'delta' }>
type Reset<Sync> = Extract<Sync, { readonly status: 'reset' }>
export type OwnFollower = Follower<Delta<UserSync>, Reset<UserSync>>
export type ChannelFollower = Follower<Delta<ChannelSync>, Reset<ChannelSync>>

/** A channel on a device, from joining it to leaving it. */
export interface OpenChannel {
  readonly copy: ChannelCopy
  readonly follower: ChannelFollower
  readonly pages: HistoryPages
  wanted: Interest
}
