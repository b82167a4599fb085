import { channelId } from '../store/people.ts'
import { newClientId, TEXT } from '../store/sending.ts'
import { API_KEY } from '../store/server.ts'
import type { Crowd } from './crowd.ts'
import { HttpLine, requestText } from './http.ts'
import { Requester } from './requester.ts'

/** Who makes the server tell its members something, and through which door. */
export type TriggerWish =
  | { readonly kind: 'plain' }
  | { readonly kind: 'socket.io' }
  /** Our own: a durable message, or a custom event that is never stored. */
  | { readonly kind: 'rest' | 'socket'; readonly op: 'message.send' | 'event.send' }

/** Asks for `burst` deliveries to every member, in one write. Resolves when the door has answered, if it does. */
export interface Trigger {
  pull(burst: number): Promise<void>
  leave(): void
}

export interface Place {
  readonly port: number
  /** A user besides the members. */
  readonly user: number
}

export function openTrigger(crowd: Crowd, wish: TriggerWish, place: Place): Promise<Trigger> {
  switch (wish.kind) {
    case 'plain':
      return plain(crowd, place)
    case 'socket.io':
      return socketIo(crowd, place)
    case 'rest':
      return rest(wish.op, place)
    case 'socket':
      return socket(crowd, wish.op, place)
  }
}

async function plain(crowd: Crowd, { port, user }: Place): Promise<Trigger> {
  const client = await crowd.open(port, { kind: 'plain', path: '/trigger' }, user)
  return {
    pull: async (burst) => client.sendAll(Array<string>(burst).fill('go')),
    leave: () => client.leave(),
  }
}

async function socketIo(crowd: Crowd, { port, user }: Place): Promise<Trigger> {
  const client = await crowd.open(port, { kind: 'socket.io', auth: {} }, user)
  return {
    pull: async (burst) => client.sendAll(Array<string>(burst).fill('42["send"]')),
    leave: () => client.leave(),
  }
}

type Op = 'message.send' | 'event.send'

const inputOf = (op: Op) =>
  op === 'message.send'
    ? { clientId: newClientId(), text: TEXT }
    : { name: 'bench.event', data: { text: TEXT } }

async function rest(op: Op, { port }: Place): Promise<Trigger> {
  const line = new HttpLine(port)
  const path = `/v1/channels/${channelId(0)}/${op === 'message.send' ? 'messages' : 'events'}`
  const request = () => requestText({ method: 'POST', path, bearer: API_KEY, body: inputOf(op) })
  return {
    pull: async (burst) => void (await line.ask(Array.from({ length: burst }, request))),
    leave: () => line.close(),
  }
}

async function socket(crowd: Crowd, op: Op, { port, user }: Place): Promise<Trigger> {
  const client = await crowd.open(port, { kind: 'tertulia', hello: {}, counts: 'nothing' }, user)
  const requester = new Requester(client)
  const input = () => ({ channelId: channelId(0), ...inputOf(op) })
  return {
    pull: (burst) => requester.askAll(op, Array.from({ length: burst }, input)),
    leave: () => client.leave(),
  }
}
