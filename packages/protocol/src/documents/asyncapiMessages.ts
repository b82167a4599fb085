import { clientFrames, EventFrame, RequestFrame, ResponseFrame, serverFrames } from '../frames.ts'
import { events, operations } from '../index.ts'
import { frameName } from './schemas.ts'

export type Named = Readonly<Record<string, unknown>>

export const messageRef = (name: string) => ({ $ref: `#/channels/connection/messages/${name}` })
const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const callable = operations.filter(({ socket }) => socket)

interface Narrowed {
  readonly frame: string
  readonly properties: Named
}

const narrowed = ({ frame, properties }: Narrowed) => ({
  allOf: [schemaRef(frame), { type: 'object', properties }],
})

/** Every frame that a client sends, and every request by operation. */
export function clientMessages(): Named {
  const requests = callable.map(({ name, summary }) => [
    `${name}.request`,
    {
      name: `${name}.request`,
      summary,
      payload: narrowed({
        frame: frameName(RequestFrame),
        properties: { op: { const: name }, data: schemaRef(`${name}.input`) },
      }),
    },
  ])
  return { ...plain(clientFrames.map(frameName)), ...Object.fromEntries(requests) }
}

/** Every frame that a server sends, and every answer by operation. */
export function serverMessages(): Named {
  const responses = callable.map(({ name }) => [
    `${name}.response`,
    {
      name: `${name}.response`,
      payload: narrowed({
        frame: frameName(ResponseFrame),
        properties: { data: schemaRef(`${name}.output`) },
      }),
    },
  ])
  return { ...plain(serverFrames.map(frameName)), ...Object.fromEntries(responses) }
}

/** Every durable event, as the `event` frame that tells it. */
export function eventMessages(): Named {
  return Object.fromEntries(
    events.map(({ name, stream, summary }) => [
      name,
      {
        name,
        summary,
        payload: narrowed({
          frame: frameName(EventFrame),
          properties: {
            channel: stream === 'user' ? { const: '@me' } : schemaRef('Id'),
            name: { const: name },
            data: schemaRef(`${name}.data`),
          },
        }),
      },
    ]),
  )
}

function plain(names: readonly string[]): Named {
  return Object.fromEntries(names.map((name) => [name, { name, payload: schemaRef(name) }]))
}
