import { ChatError, ClientTypingFrame } from '@tertulia/protocol'
import { nameOf, type UserActor } from '../../kernel/actor.ts'
import { type Ground, signal } from '../../kernel/companions.ts'
import type { Settings } from '../../kernel/handlers.ts'
import type { Companion } from '../../ports/companion.ts'
import type { Snapshot } from '../../store/engine.ts'
import { openChannel } from '../access/index.ts'
import { type Blocklists, blockedBy } from '../blocks/index.ts'
import { isInvisible } from '../presence/index.ts'
import { privacyOf } from '../privacy/index.ts'
import { authorOf, noticeOf, TYPING, type TypingNotice } from './notice.ts'
import { Rooms } from './rooms.ts'

/**
 * Takes what clients say of their own typing, and announces it to all nodes, this one included. What may not be told
 * is left out without a word.
 */
export function createTyping(ground: Ground, blocklists: Pick<Blocklists, 'deafTo'>): Companion {
  const { bus, engine, settings, log } = ground
  const rooms = new Rooms(ground, blocklists)
  const questions = new Map<string, object>()

  const announce = (notice: TypingNotice) =>
    bus.publish({ kind: 'passing', to: TYPING, about: notice.channelId, data: notice })

  /** Only the newest question of somebody about a channel counts: an end or a message that came after it stays true. */
  async function announceIfAllowed(notice: TypingNotice, actor: UserActor): Promise<void> {
    const key = keyOf(notice)
    const question = {}
    questions.set(key, question)
    const { channelId } = notice
    const unseenBy = await engine.read((db) => unseenTyping(db, { actor, channelId, settings }))
    if (questions.get(key) !== question) return
    questions.delete(key)
    if (unseenBy) announce({ ...notice, unseenBy })
  }

  return {
    // Heard behind the connections of this node: a message is there before its author stops typing.
    meet(audience) {
      rooms.meet(audience)
      bus.subscribe((announcement) => {
        if (announcement.kind === 'event' && questions.size > 0)
          questions.delete(`${announcement.stream}/${authorOf(announcement)}`)
        rooms.receive(announcement)
      })
    },
    signals: {
      typing: signal(ClientTypingFrame, (listener, { channel, active }) => {
        const { actor } = listener
        const notice = noticeOf(channel, actor, active)
        questions.delete(keyOf(notice))
        if (!active) {
          if (rooms.isTyping(notice)) announce(notice)
        } else if (listener.watches(channel) && takeToken(ground, actor, channel))
          announceIfAllowed(notice, actor).catch((error) => {
            questions.delete(keyOf(notice))
            log.warn({ err: error }, 'typing was not told')
          })
      }),
    },
  }
}

const keyOf = ({ channelId, userId }: TypingNotice): string => `${channelId}/${userId}`

/** A client that goes beyond it is not told: nobody waits, and the next frame says it all again. */
function takeToken({ buckets, limits }: Ground, actor: UserActor, channelId: string): boolean {
  const size = { rate: 1000 / limits.typingEveryMs, burst: limits.typingBurst }
  return buckets.take(`${nameOf(actor)}/typing/${channelId}`, size).ok
}

interface Wish {
  readonly actor: UserActor
  readonly channelId: string
  readonly settings: Settings
}

/**
 * Those who must not hear that the actor types: whom they block. Null for nobody may: one who may not send, in a channel
 * type without typing, or lets no others see it.
 */
async function unseenTyping(db: Snapshot, wish: Wish): Promise<readonly string[] | null> {
  const { actor, settings } = wish
  try {
    const { channel } = await openChannel(db, { ...wish, action: 'message.send' })
    if (!settings.channelTypes[channel.type]?.typing) return null
    if (!(await privacyOf(db, actor.uid)).typing || (await isInvisible(db, actor.uid))) return null
    return [...(await blockedBy(db, actor.uid, settings.limits.blocksPerUser)).keys()]
  } catch (error) {
    if (error instanceof ChatError) return null
    throw error
  }
}
