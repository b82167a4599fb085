import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Message, MessageThread } from './messages.ts'
import { Id, PageCursor, PageLimit, Seq } from './scalars.ts'

/** How a user stands to a thread. */
export const ThreadState = z
  .object({
    following: z.boolean(),
    seq: Seq.describe('Everything in the thread up to here is read.'),
    unread: z.int().min(0).describe('Replies of others to read; 100 stands for 100 or more.'),
    firstUnread: Seq.nullable().describe('The first of them.'),
  })
  .meta({ id: 'ThreadState' })

export type ThreadState = z.infer<typeof ThreadState>

const ofThread = { channelId: Id, messageId: Id.describe('The root of the thread.') }
const errors = ['channel.not_found', 'channel.disabled', 'message.not_found'] as const

const change = {
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  output: z.object({ state: ThreadState }),
  errors,
} as const

export const followThread = operation({
  ...change,
  name: 'thread.follow',
  summary: 'Puts a thread into the own list. Replying and being mentioned do the same.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/threads/{messageId}/follow' },
  input: z.strictObject(ofThread),
})

export const unfollowThread = operation({
  ...change,
  name: 'thread.unfollow',
  summary: 'Takes a thread out of the own list.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/threads/{messageId}/unfollow' },
  input: z.strictObject(ofThread),
})

export const readThread = operation({
  ...change,
  name: 'thread.read',
  summary: 'The user has read a thread up to a seq, or to its end. It never goes back.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/threads/{messageId}/read' },
  input: z.strictObject({ ...ofThread, seq: Seq.optional() }),
})

export const getThread = operation({
  name: 'thread.get',
  summary:
    'The root of a thread, and how the user stands to it. The replies are in message.history.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/threads/{messageId}' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject(ofThread),
  output: z.object({ root: Message, state: ThreadState }),
  errors,
})

export const listThreads = operation({
  name: 'thread.list',
  summary:
    'The threads that the user follows: first those with unread replies, then by the last reply.',
  rest: { method: 'GET', path: '/v1/threads' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ limit: PageLimit, cursor: PageCursor.optional() }),
  output: z.object({
    threads: z
      .array(z.object({ channelId: Id, root: Message, state: ThreadState }))
      .max(LIMITS.pageItems),
    next: PageCursor.nullable(),
  }),
  errors: [],
})

export const threadUpdated = event({
  name: 'thread.updated',
  stream: 'channel',
  summary: 'What the root of a thread shows of its replies changed: follows the reply, or its end.',
  data: z.object({ thread: MessageThread }),
})

export const threadChanged = event({
  name: 'thread.changed',
  stream: 'user',
  summary: 'The user followed, left or read a thread, on whatever device.',
  data: z.object({ channelId: Id, rootId: Id, state: ThreadState }),
})

export const threadOperations = [
  followThread,
  unfollowThread,
  readThread,
  getThread,
  listThreads,
] as const
export const threadEvents = [threadUpdated, threadChanged] as const
