import type { Handler } from '../../kernel/handlers.ts'
import { list } from './listing.ts'
import { remove, save } from './saving.ts'

export const draftHandlers: readonly Handler[] = [save, remove, list]
