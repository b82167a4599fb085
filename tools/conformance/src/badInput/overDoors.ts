import type { ErrorCode, OperationName, Rest } from '@tertulia/protocol'
import { expect } from 'vitest'
import { operationOf } from '../contract.ts'
import { outcomeOf } from '../doors/answer.ts'
import { openWith } from '../doors/hello.ts'
import type { Line } from '../doors/line.ts'
import { RawHttp } from '../doors/rawHttp.ts'
import { readAnswer } from '../doors/rest.ts'
import type { Ears } from '../ears.ts'
import { request, withBody } from './requests.ts'
import { type Caller, type CallRow, Raw } from './rows.ts'
import type { World } from './world.ts'

/** One row at one door. */
interface DoorRow {
  readonly name: string
  readonly row: CallRow
  readonly door: 'rest' | 'socket'
}

const USERS: readonly Caller[] = ['alice', 'bob', 'charlie']

/** Every row once for each door that takes it. */
export const atEveryDoor = (rows: readonly CallRow[]): readonly DoorRow[] =>
  rows.flatMap((row) => {
    const { rest, socket } = operationOf(row.op)
    const doors = [
      ...(rest && row.door !== 'socket' ? (['rest'] as const) : []),
      ...(socket && row.door !== 'rest' && isUser(row) ? (['socket'] as const) : []),
    ]
    return doors.map((door) => ({
      name: `${row.op}: ${row.name} (${door === 'rest' ? 'REST' : door})`,
      row,
      door,
    }))
  })

const isUser = ({ by = 'alice' }: CallRow): boolean => USERS.includes(by)

export async function performCall({ row, door }: DoorRow, world: World, ears: Ears): Promise<void> {
  if (row.by === 'reader' && world.readKey === null) return ears.note('nobody', 'There is no key.')
  const came = await (door === 'rest' ? overRest : overSocket)(row, world, ears)
  expect(came).toBe(row.expect)
}

async function overRest(row: CallRow, world: World, ears: Ears): Promise<string> {
  const { rest } = operationOf(row.op)
  if (!rest) throw new Error(`${row.op} has no REST route.`)
  const door = RawHttp.open(world.url)
  try {
    door.say(written(rest, row, world))
    const answer = await door.answer(ears)
    if (answer === null) return 'hung up'
    const { status, headers, text } = answer
    return outcomeOf(readAnswer(row.op, { status, headers, body: JSON.parse(text) }))
  } finally {
    door.drop()
  }
}

function bearerOf({ tokens, apiKey, readKey }: World, caller: Caller): string | null {
  if (caller === 'nobody') return null
  if (caller === 'app') return apiKey
  return caller === 'reader' ? readKey : tokens[caller]
}

/** The request as its route wants it, with every value as the row writes it. */
function written(rest: Rest, row: CallRow, world: World): Buffer {
  const fields = new Map(Object.entries(row.input(world)))
  const path = rest.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = fields.get(field)
    fields.delete(field)
    return inAddress(value)
  })
  const wish = { method: rest.method, bearer: bearerOf(world, row.by ?? 'alice') }
  if (rest.method !== 'GET' && rest.method !== 'DELETE')
    return withBody({ ...wish, path, body: object(fields, row.more) })
  const query = [...fields].map(([name, value]) => `${name}=${inAddress(value)}`)
  return request({ ...wish, path: query.length === 0 ? path : `${path}?${query.join('&')}` })
}

const inAddress = (value: unknown): string =>
  value instanceof Raw
    ? value.text
    : [value]
        .flat()
        .map((item) => encodeURIComponent(String(item)))
        .join(',')

function object(fields: ReadonlyMap<string, unknown>, more = ''): string {
  const present = [...fields].filter(([, value]) => value !== undefined)
  const members = present.map(
    ([name, value]) =>
      `${JSON.stringify(name)}:${value instanceof Raw ? value.text : JSON.stringify(value)}`,
  )
  return `{${members.join(',')}${more}}`
}

async function overSocket(row: CallRow, world: World, ears: Ears): Promise<string> {
  const { op, by = 'alice', input, more } = row
  const token = bearerOf(world, by) ?? ''
  const { line } = await openWith({ token }, { url: world.url, ears })
  // What somebody hears of their own is no leak.
  ears.forget()
  try {
    const data = object(new Map(Object.entries(input(world))), more)
    const frame = (id: number) => `{"type":"request","id":${id},"op":"${op}","data":${data}}`
    const came = await Promise.race([answered(line, op, frame), toldOn(line)])
    expect(line.closed).toBeNull()
    return came
  } finally {
    // Nobody waits for the close: there are hundreds of rows.
    line.ws.terminate()
  }
}

const answered = async (line: Line, op: OperationName, raw: (id: number) => string) =>
  outcomeOf(await line.asks(op, null, { raw }))

/** What is no JSON has no id to answer to (CONN-7). */
const toldOn = (line: Line): Promise<ErrorCode> =>
  new Promise((resolve) => {
    line.listen((frame) => frame.type === 'error' && resolve(frame.error.code))
  })
