import type { Presence } from '@tertulia/protocol'
import type { Seen } from './records.ts'

/** What somebody sees of a user, and as whom they see it. */
export interface Look {
  readonly presence: Presence
  readonly as: 'stranger' | 'blocked' | 'acquainted'
}

export const lookOf = (presence: Presence, seen: Seen | null): Look => ({
  presence,
  as: seen === null ? 'stranger' : seen.hiddenAt === null ? 'acquainted' : 'blocked',
})

/** Whether a viewer is told of it. Somebody offline does not change by a block, or by what is done behind one. */
export function isNews(told: Look, look: Look): boolean {
  return !isSame(told, look) && !isQuiet(told, look)
}

/** What the viewer was told, as of a look that is no news. Behind a block it stays as it was sent. */
export const unsent = (told: Look, look: Look): Look =>
  look.as === 'blocked' ? { ...told, as: 'blocked' } : look

const isSame = (told: Look, look: Look): boolean =>
  JSON.stringify(told.presence) === JSON.stringify(look.presence)

/** A stranger is not one for whom a block hides something: whoever comes to share a channel is told. */
function isQuiet(told: Look, look: Look): boolean {
  const both = [told, look]
  return (
    both.every(({ presence, as }) => presence.state === 'offline' && as !== 'stranger') &&
    both.some(({ as }) => as === 'blocked')
  )
}
