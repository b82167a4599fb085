import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Mention, MentionInputs } from './mentions.ts'
import { Custom, DraftText, Id, PageCursor, PageLimit, Seq, Time } from './scalars.ts'
import { VISIBLE } from './unicode.ts'

const Root = Id.optional().describe('For a draft of a reply: the root of the thread.')

/** Where a user has at most one draft: in a channel, or in one of its threads. */
const place = { channelId: Id, threadRootId: Root }

export const Draft = z
  .object({
    ...place,
    text: z.string().describe('May be empty.'),
    mentions: z.array(Mention),
    quotedId: Id.optional(),
    alsoInChannel: z.literal(true).optional(),
    custom: Custom,
    version: Seq.describe('The seq of its last change in the own stream.'),
    updatedAt: Time,
  })
  .meta({ id: 'Draft', description: 'What a user began to write and did not send yet.' })

export type Draft = z.infer<typeof Draft>

export const DeletedDraft = z
  .object({ ...place, version: Seq.describe('The seq of the deletion in the own stream.') })
  .meta({ id: 'DeletedDraft', description: 'A place without a draft any more.' })

export type DeletedDraft = z.infer<typeof DeletedDraft>

export const saveDraft = operation({
  name: 'draft.save',
  summary: 'Keeps what the user began to write, for all own devices. The last one counts.',
  rest: { method: 'PUT', path: '/v1/drafts/{channelId}' },
  socket: true,
  callers: ['user'],
  rate: 'edit',
  retry: 'safe',
  input: z
    .strictObject({
      ...place,
      text: DraftText.default(''),
      mentions: MentionInputs.default([]),
      quotedId: Id.optional(),
      alsoInChannel: z.boolean().default(false).describe('Refused for what is no reply.'),
      custom: Custom.default({}),
    })
    .refine(
      ({ text, quotedId, custom }) =>
        VISIBLE.test(text) || quotedId !== undefined || Object.keys(custom).length > 0,
      {
        path: ['text'],
        error:
          'must be visible where there is no quotedId and no custom field; what holds nothing is deleted',
      },
    )
    .refine(
      ({ text, mentions }) => mentions.every(({ start, length }) => start + length <= text.length),
      { path: ['mentions'], error: 'must lie inside the text' },
    )
    .refine(({ threadRootId, alsoInChannel }) => threadRootId !== undefined || !alsoInChannel, {
      path: ['alsoInChannel'],
      error: 'is for replies',
    }),
  output: z.object({ draft: Draft }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'message.not_found',
    'message.is_reply',
    'draft.limit',
  ],
})

export const deleteDraft = operation({
  name: 'draft.delete',
  summary: 'Forgets a draft. What is not there is gone already.',
  rest: { method: 'DELETE', path: '/v1/drafts/{channelId}' },
  socket: true,
  callers: ['user'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject(place),
  output: z.object({}),
  errors: ['channel.not_found'],
})

export const listDrafts = operation({
  name: 'draft.list',
  summary: 'The own drafts, the one that changed last first.',
  rest: { method: 'GET', path: '/v1/drafts' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id.optional().describe('Only those in this channel and its threads.'),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({
    drafts: z.array(Draft).max(LIMITS.pageItems),
    next: PageCursor.nullable(),
  }),
  errors: [],
})

export const draftSaved = event({
  name: 'draft.saved',
  stream: 'user',
  summary: 'The user saved a draft, on whatever device.',
  data: z.object({ draft: Draft }),
})

export const draftDeleted = event({
  name: 'draft.deleted',
  stream: 'user',
  summary: 'The user deleted a draft or sent it, on whatever device.',
  data: z.object({ draft: DeletedDraft }),
})

export const draftOperations = [saveDraft, deleteDraft, listDrafts] as const
export const draftEvents = [draftSaved, draftDeleted] as const
