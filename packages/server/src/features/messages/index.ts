import type { Handler } from '../../kernel/handlers.ts'
import { edit, remove } from './changing.ts'
import { get, history } from './reading.ts'
import { send } from './sending.ts'

export { announcedCheck } from './announced.check.ts'
export { messageCheck } from './messages.check.ts'
export { noteNewestGone } from './messages.store.ts'
export {
  messageById,
  messageBySeq,
  messagesBefore,
  messagesChanged,
  tombstonesAbove,
} from './pages.store.ts'
export { previewOf } from './preview.ts'
export { type MessageRow, mentionsOf, publicMessage, sees, subjectOf } from './row.ts'
export { checkContent, type Sent, sendOne, sentUnder } from './sending.ts'
export { noteSystem } from './systemMessages.ts'

export const messageHandlers: readonly Handler[] = [send, edit, remove, get, history]
