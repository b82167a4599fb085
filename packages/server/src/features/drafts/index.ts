// What messages, members and sync stand on. The operations about drafts stand on messages: see handlers.ts.
export { dropDraftsOf, emptyDraftsIn } from './deleted.store.ts'
export { noteSent } from './deleting.ts'
export { draftCheck } from './drafts.check.ts'
export { draftsSince, newestDrafts } from './syncing.ts'
