import type { Audience, Telling } from '../ports/companion.ts'
import type { Bytes } from './bytes.ts'
import type { Loop } from './loop.ts'
import { offer } from './tell.ts'

/** The connections of this node, as companions see them. */
export const audienceOf = (loop: Loop): Audience => ({
  watchers: (channelId) => loop.hubs.get(channelId)?.full.length ?? 0,
  users: (channelId) =>
    new Set(loop.hubs.get(channelId)?.full.map(({ person }) => person?.uid)).size,
  tell: (channelId, telling) => tellWatchers(loop, channelId, telling),
  people: (channelId) => peopleIn(loop, channelId),
})

function tellWatchers(loop: Loop, channelId: string, { frame, instead }: Telling): void {
  const framed = new Map<string, Bytes>()
  for (const connection of loop.hubs.get(channelId)?.full ?? []) {
    const other = instead.get(connection.person?.uid ?? '')
    if (other === null) continue
    const text = other ?? frame
    const bytes = framed.get(text) ?? loop.framing.frame(text)
    framed.set(text, bytes)
    offer(loop, connection, bytes)
  }
}

function peopleIn(loop: Loop, channelId: string): ReadonlySet<string> {
  const hub = loop.hubs.get(channelId)
  const people = new Set<string>()
  for (const watchers of hub ? [hub.full, hub.list] : [])
    for (const { person } of watchers) if (person) people.add(person.uid)
  return people
}
