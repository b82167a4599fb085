import type { MessagePreview } from '@tertulia/protocol'

const PREVIEW_UNITS = 200

/** A message as a list shows it. */
export const previewOf = (message: MessagePreview): MessagePreview => ({
  id: message.id,
  seq: message.seq,
  author: message.author,
  text: message.text === null ? null : cut(message.text),
  createdAt: message.createdAt,
})

/** Never between the halves of a surrogate pair. */
function cut(text: string): string {
  const part = text.slice(0, PREVIEW_UNITS)
  return part.isWellFormed() ? part : part.slice(0, -1)
}
