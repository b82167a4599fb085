import { webcrypto } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jwtVerify } from 'jose'
import { Server } from 'socket.io'
import { answer } from '../processes/answers.ts'
import { SECRET } from '../store/tokens.ts'
import { payloadOf } from './payload.ts'

// Socket.IO as its guide says, WebSocket only, in the default adapter. Clients name their rooms.
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false })
const key = await webcrypto.subtle.importKey(
  'raw',
  Buffer.from(SECRET),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['verify'],
)

interface Auth {
  readonly token?: string
  readonly verify?: boolean
  readonly rooms?: readonly string[]
}

io.use((socket, next) => {
  const { token = '', verify = false } = socket.handshake.auth as Auth
  if (!verify) return next()
  jwtVerify(token, key, { algorithms: ['HS256'] }).then(
    () => next(),
    () => next(new Error('unauthenticated')),
  )
})

let seq = 0
io.on('connection', (socket) => {
  const { rooms = [] } = socket.handshake.auth as Auth
  if (rooms.length > 0) void socket.join([...rooms])
  socket.on('send', () => io.to('room-0').emit('message', payloadOf(++seq)))
})

http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  answer({ port: () => (http.address() as AddressInfo).port })
})
