import type { Actor, PresentActor } from './actors.ts'

/** What follows a frame: a frame of this type, `silence`, or the end of the line with this code. */
export type Consequence = 'welcome' | 'response' | 'error' | 'silence' | number

interface Situations {
  /** As the first frame on a new line whose handshake brought the bearer. */
  readonly first: Readonly<Record<PresentActor, Consequence>>
  /** After the welcome, where there is one. */
  readonly later: Consequence
}

const everybody = (all: Consequence): Record<Actor, Consequence> => ({
  anonymous: all,
  badSignature: all,
  expired: all,
  revoked: all,
  otherInstallation: all,
  nonMember: all,
  invited: all,
  removed: all,
  banned: all,
  muted: all,
  shadowBanned: all,
  member: all,
  moderatorElsewhere: all,
  owner: all,
  readOnlyKey: all,
  fullKey: all,
})

/** Every frame that a client may send, by everybody. */
export const frameExpectations: Readonly<Record<string, Situations>> = {
  HelloFrame: {
    first: {
      ...everybody(4401),
      nonMember: 'welcome',
      removed: 'welcome',
      member: 'welcome',
      moderatorElsewhere: 'welcome',
      owner: 'welcome',
    },
    later: 'error',
  },
  RequestFrame: { first: everybody(4400), later: 'response' },
  ClientTypingFrame: { first: everybody(4400), later: 'silence' },
  ClientActiveFrame: { first: everybody(4400), later: 'silence' },
  ClientHeartbeatFrame: { first: everybody(4400), later: 'silence' },
}

/** One good frame of each kind. */
export const sampleFrames: Readonly<Record<string, object>> = {
  HelloFrame: { type: 'hello', protocol: 1, device: 'matrix', user: null },
  RequestFrame: { type: 'request', id: 1, op: 'channel.list', data: {} },
  ClientTypingFrame: { type: 'typing', channel: '1', active: true },
  ClientActiveFrame: { type: 'active' },
  ClientHeartbeatFrame: { type: 'heartbeat' },
}
