import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { serverFrame } from '../crowd/frames.ts'
import { answer } from '../processes/answers.ts'
import { payloadOf } from './payload.ts'

// The library that we stand on, with a fan-out as short as it can be: one prebuilt frame, one write per member.
// No names, no store, no queue, no bounds: what a server adds to this is its own cost.
const members: Socket[] = []
const wss = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })
const http = createServer()
http.on('upgrade', (request, socket, head) => {
  wss.handleUpgrade(request, socket, head, (ws) => {
    ws.on('error', () => {})
    if (request.url === '/member') members.push(socket as Socket)
    else ws.on('message', broadcast)
  })
})

let seq = 0
function broadcast(): void {
  const frame = serverFrame(JSON.stringify(payloadOf(++seq)))
  for (const member of members) member.write(frame)
}

http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  answer({ port: () => (http.address() as AddressInfo).port })
})
