import type { ErrorCode, OperationName } from '@tertulia/protocol'
import type { FutureActor, PresentActor } from './actors.ts'

/** `done`: answered, and it shows or changes the thing. `hidden`: answered as if the thing were not there. */
export type Expectation = 'done' | 'hidden' | ErrorCode

type Row = Readonly<Record<PresentActor, Expectation> & Record<FutureActor, 'not yet'>>
type Known = Exclude<PresentActor, keyof typeof UNKNOWN>

/** Whoever cannot say who they are gets the same everywhere. */
const UNKNOWN = {
  anonymous: 'unauthenticated',
  badSignature: 'unauthenticated',
  expired: 'token_expired',
  revoked: 'unauthenticated',
  otherInstallation: 'unauthenticated',
} as const

const FUTURE = {
  invited: 'not yet',
  banned: 'not yet',
  muted: 'not yet',
  shadowBanned: 'not yet',
} as const

const row = (known: Readonly<Record<Known, Expectation>>): Row => ({
  ...UNKNOWN,
  ...FUTURE,
  ...known,
})

const outsiders = (all: Expectation) => ({ nonMember: all, removed: all, moderatorElsewhere: all })
const insiders = (all: Expectation) => ({ member: all, owner: all })
const people = (all: Expectation) => ({ ...outsiders(all), ...insiders(all) })
const keys = (all: Expectation) => ({ readOnlyKey: all, fullKey: all })
const writers = { readOnlyKey: 'forbidden', fullKey: 'done' } as const

const forServers = row({ ...people('forbidden'), ...writers })
const forPeople = row({ ...people('done'), ...keys('forbidden') })
const ownerOnly = row({
  ...outsiders('channel.not_found'),
  member: 'forbidden',
  owner: 'done',
  ...writers,
})
const membersWrite = row({ ...outsiders('channel.not_found'), ...insiders('done'), ...writers })
const membersRead = row({ ...outsiders('channel.not_found'), ...insiders('done'), ...keys('done') })
const membersOnly = row({
  ...outsiders('channel.not_found'),
  ...insiders('done'),
  ...keys('forbidden'),
})
const ownersOwn = row({
  ...people('scheduled.not_found'),
  owner: 'done',
  ...keys('forbidden'),
})
const membersSee = row({ ...outsiders('hidden'), ...insiders('done'), ...keys('done') })

/**
 * Every operation, asked by everybody about a `group` of the owner's, the people in it, and a message of the owner's.
 * What each input is stands in inputs.ts.
 */
export const expectations: Readonly<Record<OperationName, Row>> = {
  'user.upsert': forServers,
  'user.get': row({ ...outsiders('user.not_found'), ...insiders('done'), ...keys('done') }),
  'user.query': membersSee,
  'user.update': forPeople,
  'privacy.get': forPeople,
  'privacy.update': forPeople,
  'presence.get': forPeople,
  'presence.set': forPeople,
  'presence.watch': row({ ...outsiders('hidden'), ...insiders('done'), ...keys('forbidden') }),
  'presence.count': row({
    ...outsiders('channel.not_found'),
    ...insiders('done'),
    ...keys('forbidden'),
  }),
  'user.block': row({
    ...outsiders('user.not_found'),
    // Who met somebody may block them for ever.
    removed: 'done',
    ...insiders('done'),
    ...keys('forbidden'),
  }),
  'user.unblock': forPeople,
  'block.list': forPeople,
  'user.deactivate': forServers,
  'user.reactivate': forServers,
  'user.revokeTokens': forServers,
  'channel.create': row({ ...people('done'), ...writers }),
  'channel.getOrCreate': forServers,
  'channel.get': membersRead,
  'channel.update': ownerOnly,
  'channel.delete': ownerOnly,
  'channel.truncate': ownerOnly,
  'channel.list': membersSee,
  'channel.find': row({ ...people('done'), ...keys('done') }),
  'channel.arrange': membersOnly,
  'member.add': membersWrite,
  'member.remove': ownerOnly,
  'member.update': ownerOnly,
  'member.join': row({
    ...outsiders('channel.not_found'),
    ...insiders('done'),
    ...keys('forbidden'),
  }),
  'member.leave': row({
    ...outsiders('channel.not_found'),
    member: 'done',
    owner: 'member.last_owner',
    ...keys('forbidden'),
  }),
  'member.list': membersRead,
  'message.send': membersWrite,
  'message.edit': ownerOnly,
  'message.delete': ownerOnly,
  'message.get': membersRead,
  'message.history': membersRead,
  'reaction.add': membersWrite,
  'reaction.remove': membersWrite,
  'reaction.list': membersRead,
  'message.pin': ownerOnly,
  'message.unpin': ownerOnly,
  'message.listPinned': membersRead,
  'receipt.read': membersOnly,
  'receipt.deliver': forPeople,
  'receipt.list': membersRead,
  'unread.mark': membersOnly,
  'unread.explain': membersOnly,
  'unread.total': forPeople,
  'thread.follow': membersOnly,
  'thread.unfollow': membersOnly,
  'thread.read': membersOnly,
  'thread.get': membersOnly,
  'thread.list': forPeople,
  'scheduled.create': membersOnly,
  'scheduled.list': row({ ...people('hidden'), owner: 'done', ...keys('forbidden') }),
  'scheduled.update': ownersOwn,
  'scheduled.cancel': ownersOwn,
  'draft.save': membersOnly,
  'draft.delete': membersOnly,
  'draft.list': forPeople,
  'sync.pull': row({ ...outsiders('hidden'), ...insiders('done'), ...keys('forbidden') }),
  'interest.set': row({ ...outsiders('hidden'), ...insiders('done'), ...keys('forbidden') }),
  'session.renew': forPeople,
  'ticket.create': forPeople,
  'event.send': membersWrite,
}
