import type { OperationName } from '@tertulia/protocol'
import type { Expectation } from './expectations.ts'

interface States {
  /** In a frozen channel, to a plain member. */
  readonly frozen: Expectation
  /** In a disabled channel, to the same. */
  readonly disabled: Expectation
}

/** It is about no channel that is there already. */
const ELSEWHERE = null

const stopped: States = { frozen: 'channel.frozen', disabled: 'channel.disabled' }
const goesOn: States = { frozen: 'done', disabled: 'channel.disabled' }
const notTheirs: States = { frozen: 'forbidden', disabled: 'channel.disabled' }
/** Answered without what is in the channel. */
const saysLess: States = { frozen: 'done', disabled: 'hidden' }
/** About the people of the channel or the own unsent words, or answered with nothing of its content; stories look at it. */
const stays: States = { frozen: 'done', disabled: 'done' }

/** Whose it is says more than the state. */
const ofTheOwner = (all: Expectation): States => ({ frozen: all, disabled: all })

/**
 * What the state of a channel does to every operation. One that is new takes a side here. What each input is stands in
 * inputs.ts.
 */
export const states: Readonly<Record<OperationName, States | null>> = {
  'user.upsert': ELSEWHERE,
  'user.get': stays,
  'user.query': stays,
  'user.update': ELSEWHERE,
  'privacy.get': ELSEWHERE,
  'privacy.update': ELSEWHERE,
  'presence.get': ELSEWHERE,
  'presence.set': ELSEWHERE,
  'presence.watch': ELSEWHERE,
  'presence.count': goesOn,
  'user.block': ELSEWHERE,
  'user.unblock': ELSEWHERE,
  'block.list': ELSEWHERE,
  'user.deactivate': ELSEWHERE,
  'user.reactivate': ELSEWHERE,
  'user.revokeTokens': ELSEWHERE,
  'channel.create': ELSEWHERE,
  'channel.getOrCreate': ELSEWHERE,
  'channel.get': goesOn,
  'channel.update': notTheirs,
  'channel.delete': notTheirs,
  'channel.truncate': notTheirs,
  'channel.list': stays,
  'channel.find': ELSEWHERE,
  'channel.arrange': goesOn,
  'member.add': goesOn,
  'member.remove': notTheirs,
  'member.update': notTheirs,
  'member.join': goesOn,
  'member.leave': goesOn,
  'member.list': goesOn,
  'message.send': stopped,
  'message.edit': stopped,
  'message.delete': notTheirs,
  'message.pin': notTheirs,
  'message.unpin': notTheirs,
  'message.listPinned': goesOn,
  'message.get': goesOn,
  'message.history': goesOn,
  'reaction.add': stopped,
  'reaction.remove': stopped,
  'reaction.list': goesOn,
  'receipt.read': goesOn,
  'receipt.deliver': stays,
  'receipt.list': goesOn,
  'unread.mark': goesOn,
  'unread.explain': goesOn,
  'unread.total': stays,
  'thread.follow': goesOn,
  'thread.unfollow': goesOn,
  'thread.read': goesOn,
  'thread.get': goesOn,
  'thread.list': stays,
  'scheduled.create': stopped,
  'scheduled.list': ofTheOwner('hidden'),
  'scheduled.update': ofTheOwner('scheduled.not_found'),
  'scheduled.cancel': ofTheOwner('scheduled.not_found'),
  'draft.save': goesOn,
  'draft.delete': stays,
  'draft.list': stays,
  'sync.pull': saysLess,
  'interest.set': saysLess,
  'session.renew': ELSEWHERE,
  'ticket.create': ELSEWHERE,
  'event.send': stopped,
}
