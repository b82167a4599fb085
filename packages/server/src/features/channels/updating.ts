import { ChatError, channelUpdated, type InputOf, updateChannel } from '@tertulia/protocol'
import { type Actor, byOf, nameOf } from '../../kernel/actor.ts'
import { type WriteContext, write } from '../../kernel/handlers.ts'
import type { Action } from '../../kernel/permissions/channelTypes.ts'
import type { About, Tx } from '../../kernel/transaction.ts'
import { folded } from '../../store/folded.ts'
import {
  allows,
  type ChannelRow,
  isDisabled,
  lockChannel,
  publicChannel,
  saveChannel,
} from '../access/index.ts'
import { noteSystem } from '../messages/index.ts'

type Change = Omit<InputOf<typeof updateChannel>, 'channelId'>

/** What may be changed, with the right that it takes: somebody who may not rename can still keep order. */
const rights: { readonly [Field in keyof Change]-?: Action } = {
  name: 'channel.update',
  custom: 'channel.update',
  history: 'channel.update',
  state: 'channel.moderate',
  slowMode: 'channel.moderate',
}

const fields = Object.keys(rights) as (keyof Change)[]

export const update = write(updateChannel, async (context) => {
  const { input, actor, tx, announce, settings } = context
  const { channel, stream } = await lockForChange(context)
  const next = changed(channel, input)
  if (isSame(channel, next)) return { channel: publicChannel(channel) }
  const slot = stream.take()
  const saved = { ...next, version: slot.seq, updated_at: tx.now }
  saveChannel(tx, saved)
  announce(
    slot,
    channelUpdated,
    { channel: publicChannel(saved) },
    { by: byOf(actor), memberCount: channel.member_count, ...gateOf(channel, saved) },
  )
  if (isDisabled(saved) !== isDisabled(channel)) noteTurn(tx, actor, saved)
  const telling = { tx, announce, settings, stream, channel: saved }
  if (saved.name !== channel.name)
    noteSystem(telling, { event: 'renamed', name: saved.name, by: byOf(actor) })
  return { channel: publicChannel(saved) }
})

async function lockForChange({ input, actor, tx, settings }: WriteContext<typeof updateChannel>) {
  const { channelId } = input
  const access = await lockChannel(tx, { actor, channelId, action: 'channel.see', settings })
  const named = fields.filter((field) => input[field] !== undefined)
  const actions = named.length > 0 ? named.map((field) => rights[field]) : [rights.name]
  if (!actions.every((action) => allows(access, { actor, settings }, action)))
    throw new ChatError('forbidden')
  if (input.state === 'disabled' && actor.kind !== 'server') throw new ChatError('forbidden')
  return access
}

/** As long as it is disabled, whatever is told of it says so: one that was lost must not leave it open. */
function gateOf(before: ChannelRow, after: ChannelRow): Pick<About, 'closes' | 'gate'> {
  if (isDisabled(after)) return { closes: true, gate: 'shut' }
  return isDisabled(before) ? { gate: 'opened' } : {}
}

const noteTurn = (tx: Tx, actor: Actor, channel: ChannelRow): void =>
  tx.audit({
    actor: nameOf(actor),
    action: isDisabled(channel) ? 'channel.disabled' : 'channel.enabled',
    target: channel.id,
  })

/** In a change an absent field stays and `null` clears. */
const changed = (
  channel: ChannelRow,
  { name, custom, history, state, slowMode }: Change,
): ChannelRow => ({
  ...channel,
  ...(name === undefined ? {} : { name, folded_name: name && folded(name) }),
  ...(custom === undefined ? {} : { custom: JSON.stringify(custom ?? {}) }),
  ...(slowMode === undefined
    ? {}
    : { slow_seconds: slowMode?.seconds ?? null, slow_burst: slowMode?.burst ?? null }),
  history: history ?? channel.history,
  state: state ?? channel.state,
})

const CHANGING = ['name', 'custom', 'history', 'state', 'slow_seconds', 'slow_burst'] as const

const isSame = (before: ChannelRow, after: ChannelRow): boolean =>
  CHANGING.every((column) => before[column] === after[column])
