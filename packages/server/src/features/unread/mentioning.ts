import type { Mention } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { pairOf } from '../blocks/index.ts'
import { userById } from '../users/index.ts'
import { hearingAmong } from './here.store.ts'
import { putChannelMention, putMention } from './mentions.store.ts'

/** A message and whom it mentions. */
export interface Mentioning {
  readonly channelId: string
  readonly seq: number
  readonly authorUid: string | null
  readonly mentions: readonly Mention[]
  /** Those who are there, by uid, where the message means them. */
  readonly here: readonly string[]
}

/**
 * Remembers whom a message mentions: a row for each of them and of those who are there, and one for everybody. Nobody
 * mentions themselves.
 */
export async function noteMentions(tx: Changes, mentioning: Mentioning): Promise<void> {
  const { channelId, seq, authorUid, mentions } = mentioning
  for (const uid of await hearingOf(tx, mentioning))
    if (uid !== authorUid) putMention(tx, { uid, channelId, seq })
  if (mentions.some(({ kind }) => kind === 'channel'))
    putChannelMention(tx, { channelId, seq, authorUid })
}

/** The users, by uid, whom a message means, by name or because they are there: not everybody. */
export async function hearingOf(
  db: Snapshot,
  wanted: Omit<Mentioning, 'seq'>,
): Promise<readonly string[]> {
  const { channelId, authorUid, here } = wanted
  const named = await mentionedBy(db, wanted)
  return [...new Set([...named, ...(await hearingAmong(db, { channelId, authorUid, uids: here }))])]
}

/** Those whom it means by name. For whoever blocks the author it means nobody. */
async function mentionedBy(
  db: Snapshot,
  { authorUid, mentions }: Pick<Mentioning, 'authorUid' | 'mentions'>,
): Promise<string[]> {
  const uids = []
  for (const mention of mentions) {
    if (mention.kind !== 'user') continue
    const user = await userById(db, mention.userId)
    if (user && !(await isBlocking(db, user.uid, authorUid))) uids.push(user.uid)
  }
  return uids
}

/** Whether a user blocks an author. Nobody blocks the app. */
export const isBlocking = async (
  db: Snapshot,
  uid: string,
  authorUid: string | null,
): Promise<boolean> => authorUid !== null && (await pairOf(db, uid, authorUid)).mine !== null
