import type { Message } from '@tertulia/protocol'

type IsNewer = (version: number, kept: number | undefined) => boolean

/**
 * A message is content, reactions, and the summary of its thread, each with a version of its own: of two copies the
 * newer of each (SEQ-5, REACT-4, THREAD-4).
 */
export function newestParts(kept: Message | undefined, next: Message, isNewer: IsNewer): Message {
  if (!kept) return next
  const content = isNewer(next.version, kept.version) ? next : kept
  const reacted = isNewer(next.reactionsVersion, kept.reactionsVersion) ? next : kept
  const root = next.thread && isNewer(next.thread.version, kept.thread?.version) ? next : kept
  if (content === reacted && content.thread === root.thread) return content
  const { thread: _, reactions: __, reactionsVersion: ___, ...said } = content
  return {
    ...said,
    ...(root.thread ? { thread: root.thread } : {}),
    ...reactionsOf(content.deletedAt === undefined ? reacted : content),
  }
}

const reactionsOf = ({ reactions, reactionsVersion }: Message) => ({ reactions, reactionsVersion })

/** The latest change of anything in it. */
export const newestVersion = ({ version, reactionsVersion, thread }: Message): number =>
  Math.max(version, reactionsVersion, thread?.version ?? 0)

/** Or in its thread alone (THREAD-2). */
export const standsInChannel = ({ threadRootId, alsoInChannel }: Message): boolean =>
  threadRootId === undefined || alsoInChannel === true
