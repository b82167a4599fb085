import { expect } from 'vitest'
import { mustStayOutOfTheLog } from '../cast.ts'
import { helloFrame } from '../doors/hello.ts'
import { Line, type LineOptions } from '../doors/line.ts'
import { RawHttp } from '../doors/rawHttp.ts'
import type { Ears } from '../ears.ts'
import { codeOf } from './overHttp.ts'
import { request } from './requests.ts'
import type { TokenRow } from './rows.ts'
import type { World } from './world.ts'

/** Shows the token in a request, in a hello and in a handshake: it opens none of them. */
export async function performToken(row: TokenRow, world: World, ears: Ears): Promise<void> {
  const token = row.token(world)
  if (token.length > 20) mustStayOutOfTheLog(token)
  const { url } = world
  if (row.door !== 'socket') await overRest(row, token, { url, ears })
  if (row.door === 'rest') return
  await overLine(row, { token }, { url, ears })
  if (row.door === 'socket') return
  await overLine(row, {}, { url, ears, socket: { headers: { Authorization: `Bearer ${token}` } } })
}

async function overRest(row: TokenRow, bearer: string, { url, ears }: LineOptions): Promise<void> {
  const door = RawHttp.open(url)
  try {
    door.say(request({ path: '/v1/channels', bearer }))
    const answer = await door.answer(ears)
    expect(answer && codeOf(answer)).toBe(row.expect)
  } finally {
    door.drop()
  }
}

const CLOSE_CODES: Readonly<Record<string, number>> = {
  bad_request: 4400,
  'user.deactivated': 4403,
}

async function overLine(row: TokenRow, hello: object, options: LineOptions): Promise<void> {
  const line = await Line.open(options)
  line.say(helloFrame(hello))
  expect(await line.isClosed()).toMatchObject({ code: CLOSE_CODES[row.expect] ?? 4401 })
  expect(line.frames).toMatchObject([{ type: 'error', error: { code: row.expect } }])
}
