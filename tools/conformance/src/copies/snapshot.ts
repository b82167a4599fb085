import type { ChannelListItem, Draft, Member, OperationName, UserSync } from '@tertulia/protocol'
import type { Input, Output } from '../contract.ts'

/** Reads without being a step. */
export interface Reader {
  reads<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>>
}

const MOST = 100

interface FirstPage {
  readonly joined: readonly ChannelListItem[]
  readonly hasMore: boolean
}

/** All channels of somebody, when a reset told only the most recent. */
async function wholeList(
  reader: Reader,
  { joined, hasMore }: FirstPage,
): Promise<readonly ChannelListItem[]> {
  if (!hasMore) return joined
  const all: ChannelListItem[] = []
  let cursor: string | undefined
  do {
    const page = await reader.reads('channel.list', {
      show: 'all',
      limit: MOST,
      ...(cursor ? { cursor } : {}),
    })
    all.push(...page.channels)
    cursor = page.next ?? undefined
  } while (cursor)
  return all
}

/** All drafts of somebody, when not all of them were told. */
export async function wholeDrafts(
  reader: Reader,
  { drafts, moreDrafts }: Pick<OwnReset, 'drafts' | 'moreDrafts'>,
): Promise<Draft[]> {
  if (!moreDrafts) return drafts
  const all: Draft[] = []
  let cursor: string | undefined
  do {
    const page = await reader.reads('draft.list', { limit: MOST, ...(cursor ? { cursor } : {}) })
    all.push(...page.drafts)
    cursor = page.next ?? undefined
  } while (cursor)
  return all
}

type OwnReset = Extract<UserSync, { status: 'reset' }>

/** Everything that somebody holds for oneself. */
export const wholeOwn = async (reader: Reader, reset: OwnReset) => ({
  user: reset.user,
  scheduled: reset.scheduled,
  blocks: reset.blocks,
  items: await wholeList(reader, reset),
  drafts: await wholeDrafts(reader, reset),
})

/** Everybody who is in a channel now. */
export async function wholeRoster(reader: Reader, channelId: string): Promise<readonly Member[]> {
  const all: Member[] = []
  let cursor: string | undefined
  do {
    const page = await reader.reads('member.list', {
      channelId,
      limit: MOST,
      ...(cursor ? { cursor } : {}),
    })
    all.push(...page.members.map(({ member }) => member))
    cursor = page.next ?? undefined
  } while (cursor)
  return all
}
