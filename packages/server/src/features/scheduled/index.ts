import type { Handler } from '../../kernel/handlers.ts'
import { cancel, update } from './changing.ts'
import { list } from './listing.ts'
import { create } from './scheduling.ts'

export { sendDue } from './firing.ts'
export { forgetFailed } from './forgetting.ts'
export { scheduledMarks } from './listing.ts'
export { scheduledCheck } from './scheduled.check.ts'

export const scheduledHandlers: readonly Handler[] = [create, list, update, cancel]
