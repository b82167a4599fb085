import { type EventFrame, messageCreated } from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import type { StreamAnnouncement } from '../../ports/bus.ts'

/** The name under which nodes tell each other of it. */
export const TYPING = 'typing'

/** One user began, goes on or ended. */
export interface TypingNotice {
  readonly channelId: string
  readonly uid: string
  /** The app's id of the user. */
  readonly userId: string
  readonly active: boolean
  /** Whom the user blocks, by uid: they must not hear of it. */
  readonly unseenBy: readonly string[]
}

export const noticeOf = (channelId: string, actor: UserActor, active: boolean): TypingNotice => ({
  channelId,
  uid: actor.uid,
  userId: actor.id,
  active,
  unseenBy: [],
})

/** Who wrote the message that an event brings; null for every other event. To be asked only where somebody types. */
export function authorOf({ frame }: StreamAnnouncement): string | null {
  const { name, by } = JSON.parse(frame) as EventFrame
  return name === messageCreated.name ? by : null
}
