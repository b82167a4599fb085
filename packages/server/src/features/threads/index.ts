// What messages stand on. The operations about threads stand on messages: see handlers.ts.
export { followerAt } from './followers.store.ts'
export { noteReply, noteReplyGone } from './replying.ts'
export { threadCheck } from './threads.check.ts'
export { dropThreadsOf, facesOf, publicThread, threadAt, threadsChanged } from './threads.store.ts'
