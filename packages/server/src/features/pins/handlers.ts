import type { Handler } from '../../kernel/handlers.ts'
import { list } from './listing.ts'
import { pin, unpin } from './pinning.ts'

export const pinHandlers: readonly Handler[] = [pin, unpin, list]
