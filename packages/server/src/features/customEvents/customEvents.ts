import { sendCustomEvent } from '@tertulia/protocol'
import { byOf, uidOf } from '../../kernel/actor.ts'
import { type Handler, relay } from '../../kernel/handlers.ts'
import { openChannel } from '../access/index.ts'
import { refuseUnreachable } from '../blocks/index.ts'

/** For whoever watches the channel with interest `full` right now, and for nobody later. */
const send = relay(sendCustomEvent, async ({ input, actor, db, settings, bus, now }) => {
  const { channelId, name, data } = input
  const { channel } = await openChannel(db, { actor, channelId, action: 'event.send', settings })
  await refuseUnreachable(db, channel, uidOf(actor))
  const frame = JSON.stringify({
    type: 'custom',
    channel: channelId,
    at: now,
    by: byOf(actor),
    name,
    data,
  })
  bus.publish({ kind: 'ephemeral', channelId, frame })
  return {}
})

export const customEventHandlers: readonly Handler[] = [send]
