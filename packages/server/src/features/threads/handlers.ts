import type { Handler } from '../../kernel/handlers.ts'
import { follow, get, readUpTo, unfollow } from './following.ts'
import { list } from './listing.ts'

export const threadHandlers: readonly Handler[] = [follow, unfollow, readUpTo, get, list]
