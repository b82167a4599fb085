import { pullSync } from '@tertulia/protocol'
import { type Handler, read } from '../../kernel/handlers.ts'
import { syncChannel } from './channelSync.ts'
import { syncUser } from './userSync.ts'

const pull = read(pullSync, async ({ input, actor, db, settings }) => {
  const viewer = { actor, settings }
  const user = input.user === undefined ? null : await syncUser(db, viewer, input.user)
  const channels = []
  for (const cursor of input.channels) channels.push(await syncChannel(db, viewer, cursor))
  return { user, channels }
})

export const syncHandlers: readonly Handler[] = [pull]
