import type { Handler } from '../../kernel/handlers.ts'
import { explain, mark, total } from './marking.ts'

export { hearingOf, isBlocking, noteMentions } from './mentioning.ts'
export { dropMentionsOf, removeMentions } from './mentions.store.ts'
export { moveReading } from './moving.ts'
export { readStateOf } from './readState.ts'
export { unreadCheck } from './unread.check.ts'

export const unreadHandlers: readonly Handler[] = [mark, explain, total]
