import type { Handler } from '../../kernel/handlers.ts'
import { list } from './listing.ts'
import { add, remove } from './reacting.ts'

export { reactionsContentKey } from './contentKey.ts'
export { dropReactions } from './forgetting.store.ts'
export { dropReactionsOf, forgetReactions } from './forgetting.ts'
export { ownReactionsOn } from './own.ts'
export { reactionCheck } from './reactions.check.ts'
export { countsOf, reactionsChanged } from './reactions.store.ts'

export const reactionHandlers: readonly Handler[] = [add, remove, list]
