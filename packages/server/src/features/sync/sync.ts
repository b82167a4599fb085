import { pullSync } from '@tertulia/protocol'
import { type Handler, read } from '../../kernel/handlers.ts'
import { bytesOf, headOfChannel, syncChannel } from './channelSync.ts'
import { syncUser } from './userSync.ts'

const pull = read(pullSync, async ({ input, actor, db, settings }) => {
  const viewer = { actor, settings }
  const user = input.user === undefined ? null : await syncUser(db, viewer, input.user)
  const channels = []
  let room = settings.limits.syncBytes
  for (const cursor of input.channels) {
    // The first one gets its content whatever its size, so that asking again always gets further.
    const sync = await (room > 0 ? syncChannel : headOfChannel)(db, viewer, cursor)
    room -= bytesOf(sync)
    channels.push(sync)
  }
  return { user, channels }
})

export const syncHandlers: readonly Handler[] = [pull]
