import {
  ClientHeartbeatFrame,
  HelloFrame,
  RequestFrame,
  ResponseFrame,
  serverFrames,
  WelcomeFrame,
} from '../frames.ts'
import { operations } from '../index.ts'
import { ClientActiveFrame } from '../presence.ts'
import { ClientTypingFrame } from '../typing.ts'
import {
  clientMessages,
  eventMessages,
  messageRef,
  type Named,
  serverMessages,
} from './asyncapiMessages.ts'
import { documentVersion } from './openapi.ts'
import { DEFINITIONS, frameName, type JsonSchema, namedSchemas } from './schemas.ts'

export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0'
  readonly [section: string]: unknown
}

const CHANNEL = { $ref: '#/channels/connection' }
const ANSWERS = new Set([WelcomeFrame, ResponseFrame].map(frameName))

/** The WebSocket door as an AsyncAPI 3.0 document, seen from a client: what it sends and what it receives. */
export function asyncApiDocument(): AsyncApiDocument {
  const messages = { ...clientMessages(), ...serverMessages(), ...eventMessages() }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tertulia',
      version: documentVersion,
      description:
        'The connection as a client sees it. The order of frames and what to do about each: SPEC.md.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    servers: {
      here: {
        host: '{host}',
        protocol: 'wss',
        description: 'Plain `ws` on a loopback address only.',
        variables: {
          host: { default: 'localhost:8484', description: 'The host and port of the server.' },
        },
        security: [{ $ref: '#/components/securitySchemes/userToken' }],
      },
    },
    channels: {
      connection: { address: '/v1/ws', messages: refs(messages, '#/components/messages/') },
    },
    operations: { ...sent(), ...received() },
    components: {
      messages,
      schemas: componentSchemas(),
      securitySchemes: {
        userToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A user token: in the hello frame, in the `Authorization` header, or exchanged for a ticket.',
        },
      },
    },
  }
}

function refs(named: Named, prefix: string): Readonly<Record<string, { $ref: string }>> {
  return Object.fromEntries(Object.keys(named).map((name) => [name, { $ref: prefix + name }]))
}

function sent(): Named {
  const requests = operations
    .filter(({ socket }) => socket)
    .map(({ name, summary }) => [name, send(summary, [`${name}.request`, `${name}.response`])])
  return {
    hello: send('The first frame of a connection.', [
      frameName(HelloFrame),
      frameName(WelcomeFrame),
    ]),
    heartbeat: send('Answers a heartbeat, or asks for a sign of life.', [
      frameName(ClientHeartbeatFrame),
    ]),
    typing: send('Says that the own user types, or does not any more.', [
      frameName(ClientTypingFrame),
    ]),
    active: send('Says that the own user does something.', [frameName(ClientActiveFrame)]),
    request: send('Calls an operation that this document does not know.', [
      frameName(RequestFrame),
      frameName(ResponseFrame),
    ]),
    ...Object.fromEntries(requests),
  }
}

function send(summary: string, [message, answer]: readonly [string, string?]): unknown {
  const reply =
    answer === undefined ? {} : { reply: { channel: CHANNEL, messages: [messageRef(answer)] } }
  return { action: 'send', channel: CHANNEL, summary, messages: [messageRef(message)], ...reply }
}

function received(): Named {
  const frames = serverFrames.map(frameName).filter((name) => !ANSWERS.has(name))
  const receive = (name: string) => ({
    action: 'receive',
    channel: CHANNEL,
    messages: [messageRef(name)],
  })
  return Object.fromEntries(
    [...frames, ...Object.keys(eventMessages())].map((name) => [`receive.${name}`, receive(name)]),
  )
}

/** Draft 7, because that is what AsyncAPI's own schema format extends. */
function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const text = JSON.stringify(namedSchemas('draft-07'))
  return JSON.parse(text.replaceAll(`"${DEFINITIONS['draft-07']}`, '"#/components/schemas/'))
}
