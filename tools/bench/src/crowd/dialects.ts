import { tokenOf } from '../store/tokens.ts'

/** What a client says on its way in, and what it counts once it is in. */
export interface Dialect {
  readonly upgrade: string
  /** Text frames that begin like this are deliveries: they are counted and not read. */
  readonly counted: string
  /** Null: the upgrade is done. */
  hear(text: string | null): Reaction
}

export interface Reaction {
  readonly say?: string
  /** The server has let the client in. */
  readonly isIn?: boolean
}

const upgradeTo = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n')

const NOTHING: Reaction = {}
const IN: Reaction = { isIn: true }

export interface TertuliaWish {
  readonly kind: 'tertulia'
  /** Everything that the hello says beside the token and the device. */
  readonly hello: Readonly<Record<string, unknown>>
  readonly counts: 'event' | 'events' | 'custom' | 'nothing'
}

export interface PlainWish {
  readonly kind: 'plain'
  readonly path: string
  /** Its frames are read instead of counted. */
  readonly reads?: boolean
}

export interface SocketIoWish {
  readonly kind: 'socket.io'
  readonly auth: Readonly<Record<string, unknown>>
}

export type DialectWish = TertuliaWish | PlainWish | SocketIoWish

/** The dialect of one client; `user` is who connects, where the server asks. */
export function dialectOf(wish: DialectWish, user: string): Dialect {
  switch (wish.kind) {
    case 'tertulia':
      return tertulia(wish, user)
    case 'plain':
      return {
        upgrade: upgradeTo(wish.path),
        counted: wish.reads ? '' : '{',
        hear: (text) => (text === null ? IN : NOTHING),
      }
    case 'socket.io':
      return socketIo(wish, user)
  }
}

function tertulia({ hello, counts }: TertuliaWish, user: string): Dialect {
  const greeting = {
    type: 'hello',
    protocol: 1,
    token: tokenOf(user),
    device: `device-of-${user}`,
    ...hello,
  }
  return {
    upgrade: upgradeTo('/v1/ws'),
    // The quote keeps `events` out of `event`.
    counted: counts === 'nothing' ? '' : `{"type":"${counts}",`,
    hear(text) {
      if (text === null) return { say: JSON.stringify(greeting) }
      if (text.startsWith('{"type":"welcome"')) return IN
      if (text.startsWith('{"type":"heartbeat"')) return { say: '{"type":"heartbeat"}' }
      return NOTHING
    },
  }
}

/** Engine.IO 4 over WebSocket: `0` opens, `2` and `3` are ping and pong, `4` holds a packet of Socket.IO. */
function socketIo({ auth }: SocketIoWish, user: string): Dialect {
  return {
    upgrade: upgradeTo('/socket.io/?EIO=4&transport=websocket'),
    counted: '42',
    hear(text) {
      if (text?.startsWith('0'))
        return { say: `40${JSON.stringify({ ...auth, token: tokenOf(user) })}` }
      if (text?.startsWith('40')) return IN
      return text === '2' ? { say: '3' } : NOTHING
    },
  }
}
