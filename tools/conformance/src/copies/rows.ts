import { LIMITS, type Message, type Pin, type User } from '@tertulia/protocol'
import type { Delta, Reset } from './channelState.ts'

/** What SPEC.md promises of every reset, whatever is in it. */
export function checkReset({
  id,
  messages,
  through,
  hasOlder,
  me,
  channel,
  users,
  tombstones,
  purge,
  pins,
}: Reset): void {
  const inOrder = messages.every(
    ({ seq }, index) => seq > (messages[index - 1]?.seq ?? 0) && seq <= through,
  )
  refuse(!inOrder, `The messages of a reset of ${id} are not in order.`)
  refuse(
    messages.length > LIMITS.resetMessages,
    `A reset of ${id} holds ${messages.length} messages.`,
  )
  refuse(
    hasOlder && messages.length < LIMITS.resetMessages,
    `A reset of ${id} holds less than there is.`,
  )
  refuse(
    messages.some(({ seq }) => seq <= Math.max(me?.visibleFrom ?? 0, channel.floor)),
    `A reset of ${id} shows what is not visible (VIS-1, TRUNC-1).`,
  )
  refuse(purge && tombstones.length > 0, `A reset of ${id} purges and names tombstones.`)
  namesEverybody({ id, messages, users, others: pinnersOf(pins) })
}

/** What SPEC.md promises of every delta, whatever is in it. */
export function checkDelta(
  { id, from, through, messages, members, users, channel, pins }: Delta,
  asked: number,
): void {
  refuse(
    from !== asked || through < from,
    `A delta of ${id} from ${asked} covers (${from}, ${through}].`,
  )
  refuse(
    messages.some(({ seq }) => seq <= (channel?.floor ?? 0)),
    `A delta of ${id} shows what was truncated (TRUNC-1).`,
  )
  for (const { version } of [...messages, ...members, ...(channel ? [channel] : [])])
    refuse(
      version <= from || version > through,
      `A delta of ${id} holds a row of version ${version} (SYNC-5).`,
    )
  refuse(
    messages.length + members.length > LIMITS.deltaRows,
    `A delta of ${id} is longer than it may be.`,
  )
  const others = [...members.map(({ userId }) => userId), ...pinnersOf(pins ?? [])]
  namesEverybody({ id, messages, users, others })
}

const pinnersOf = (pins: readonly Pin[]): string[] => pins.flatMap(({ by }) => by ?? [])

interface Named {
  readonly id: string
  readonly messages: readonly Message[]
  readonly users: readonly User[]
  readonly others: readonly string[]
}

/** SEQ-11: the people whom the rows name come beside them, once each. */
function namesEverybody({ id, messages, users, others }: Named): void {
  const known = new Set(users.map((user) => user.id))
  const named = [...messages.flatMap(namedBy), ...others]
  refuse(known.size !== users.length, `An answer about ${id} tells somebody twice.`)
  for (const userId of named)
    refuse(!known.has(userId), `An answer about ${id} names ${userId} without the profile.`)
}

const namedBy = ({ author, mentions, thread, system }: Message): string[] => [
  ...(system && 'userIds' in system ? system.userIds : []),
  ...(system?.by ? [system.by] : []),
  ...(thread?.faces ?? []),
  ...(author === null ? [] : [author]),
  ...mentions.flatMap((mention) => (mention.kind === 'user' ? [mention.userId] : [])),
]

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new Error(message)
}
