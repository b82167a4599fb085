import type { ChannelInterest, ChannelSync } from '@tertulia/protocol'
import type { Settings } from '../../kernel/handlers.ts'
import type { ChannelTypeConfig } from '../../kernel/permissions/channelTypes.ts'
import type { Opening, OpeningQuestion, StreamReader, Watchable } from '../../ports/product.ts'
import type { Engine, Snapshot } from '../../store/engine.ts'
import { channelById, memberOf } from '../access/index.ts'
import { publicUser, requiredUser, userByUid } from '../users/index.ts'
import { bytesOf, headOfChannel, syncChannel, type Viewer } from './channelSync.ts'
import { recentChannels } from './sync.store.ts'
import { headOfUser, syncUser } from './userSync.ts'

/** Answers hello and interest.set: everything of one question is read in one snapshot. */
export const createStreamReader = (engine: Engine, settings: Settings): StreamReader => ({
  open: (actor, question) => engine.read((db) => open(db, { actor, settings }, question)),
})

async function open(db: Snapshot, viewer: Viewer, question: OpeningQuestion): Promise<Opening> {
  const { uid } = viewer.actor
  const me = publicUser(requiredUser(await userByUid(db, uid)))
  const user =
    question.user === undefined
      ? await headOfUser(db, viewer)
      : await syncUser(db, viewer, question.user)
  const channels = await answers(db, viewer, question)
  const watchable: Watchable[] = []
  for (const { id, status } of channels)
    if (status !== 'gone') watchable.push(await watchableOf(db, viewer, id))
  return { me, user, channels, watchable, recent: await recentChannels(db, uid, question.recent) }
}

/** Content while the room lasts, then heads only. */
async function answers(
  db: Snapshot,
  viewer: Viewer,
  { channels, inlineBytes }: OpeningQuestion,
): Promise<ChannelSync[]> {
  const all: ChannelSync[] = []
  let room = inlineBytes
  for (const wish of channels) {
    const answer = await answerTo(db, viewer, wish, room)
    room -= answer.bytes
    all.push(answer.sync)
  }
  return all
}

async function answerTo(
  db: Snapshot,
  viewer: Viewer,
  { interest, ...cursor }: ChannelInterest,
  room: number,
) {
  if (interest !== 'full' || room <= 0)
    return { sync: await headOfChannel(db, viewer, cursor), bytes: 0 }
  const sync = await syncChannel(db, viewer, cursor)
  const bytes = bytesOf(sync)
  return bytes <= room
    ? { sync, bytes }
    : { sync: await headOfChannel(db, viewer, cursor), bytes: 0 }
}

async function watchableOf(
  db: Snapshot,
  { actor, settings }: Viewer,
  channelId: string,
): Promise<Watchable> {
  const channel = await channelById(db, channelId)
  const member = await memberOf(db, channelId, actor.uid)
  return {
    channelId,
    visibleFrom: member?.state === 'joined' ? member.visible_from : 0,
    memberCount: channel?.member_count ?? 0,
    window: windowingOf(channel && settings.channelTypes[channel.type]),
  }
}

const windowingOf = (type: ChannelTypeConfig | undefined): Watchable['window'] =>
  type && type.windowMs > 0 ? { ms: type.windowMs, shownPerSecond: type.shownPerSecond } : null
