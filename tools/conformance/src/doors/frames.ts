import {
  type ErrorBody,
  type OperationName,
  type ServerFrame,
  serverFrames,
} from '@tertulia/protocol'
import { eventOf, operationOf } from '../contract.ts'
import { ContractFault, strictly } from '../strictly.ts'
import type { Answer } from './answer.ts'
import { checkCode } from './rest.ts'

export type FrameOf<Type extends ServerFrame['type']> = Extract<
  ServerFrame,
  { readonly type: Type }
>

const schemas = new Map(serverFrames.map((schema) => [typeOf(schema), schema]))

function typeOf(schema: (typeof serverFrames)[number]): string {
  const [{ shape }] = schema.type === 'union' ? schema.options : [schema]
  return shape.type.value
}

/** Reads a frame by the contract, to the letter, with the data of the events in it. */
export function readFrame(text: string): ServerFrame {
  const value = JSON.parse(text) as { readonly type?: string }
  const schema = schemas.get(value.type ?? '')
  if (!schema)
    throw new ContractFault(
      `The server sent a frame that the contract does not know: ${text.slice(0, 400)}`,
    )
  const frame = strictly(schema, value, `A ${value.type} frame`) as ServerFrame
  checkFrame(frame)
  return frame
}

function checkFrame(frame: ServerFrame): void {
  if (frame.type !== 'event' && frame.type !== 'events') return
  const { channel, prev, seq } = frame
  const told = frame.type === 'event' ? [frame] : frame.events
  if (prev >= seq)
    throw new ContractFault(`A frame covers (${prev}, ${seq}], which is nothing (SEQ-6).`)
  for (const one of told) {
    if (one.seq <= prev || one.seq > seq)
      throw new ContractFault(`An event at ${one.seq} lies outside its frame (SEQ-6).`)
    checkEvent(channel, one)
  }
}

function checkEvent(
  channel: string,
  { name, data }: { readonly name: string; readonly data: unknown },
): void {
  const event = eventOf(name)
  if (!event) throw new ContractFault(`There is no event ${name} in the contract.`)
  if ((event.stream === 'user') !== (channel === '@me'))
    throw new ContractFault(
      `${name} belongs to the stream of a ${event.stream}, and came on ${channel}.`,
    )
  strictly(event.data, data, `The data of ${name}`)
}

/** The answer in a response frame, held against the operation that was asked; null for what is no operation. */
export function readResponse(name: OperationName | null, frame: FrameOf<'response'>): Answer {
  if ('error' in frame) return { ok: false, error: checked(name, frame.error) }
  if (name === null)
    throw new ContractFault('Something that is no operation was answered with data.')
  return {
    ok: true,
    data: strictly(operationOf(name).output, frame.data, `The answer of ${name} over the socket`),
  }
}

function checked(name: OperationName | null, error: ErrorBody): ErrorBody {
  if (name !== null) checkCode(name, error.code, `The answer of ${name} over the socket`)
  return error
}
