import type { Handler } from '../../kernel/handlers.ts'
import { deliver, markRead } from './giving.ts'
import { list } from './listing.ts'

export { dropReceipt, dropReceiptsOf } from './receipts.store.ts'

export const receiptHandlers: readonly Handler[] = [markRead, deliver, list]
