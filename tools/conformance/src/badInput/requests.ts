export interface Request {
  /** GET when absent. */
  readonly method?: string
  readonly path: string
  readonly version?: string
  readonly bearer?: string | null
  /** Written after the usual ones, in this order and as they stand. */
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | Buffer
  /** What `Content-Length` says; null leaves it out. */
  readonly length?: number | string | null
  /** What `Host` says; null leaves it out. */
  readonly host?: string | null
}

export const JSON_TYPE: readonly [string, string] = ['Content-Type', 'application/json']

/** An HTTP request, byte by byte: nothing is corrected. */
export function request(wish: Request): Buffer {
  const { method = 'GET', path, version = '1.1', headers = [], body = '' } = wish
  const { bearer = null, host = 'localhost', length = defaultLength(wish) } = wish
  const lines = [
    `${method} ${path} HTTP/${version}`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...(bearer === null ? [] : [`Authorization: Bearer ${bearer}`]),
    ...(length === null ? [] : [`Content-Length: ${length}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.isBuffer(body) ? body : Buffer.from(body),
  ])
}

const defaultLength = ({ body }: Request): number | null =>
  body === undefined ? null : Buffer.byteLength(body)

/** A request with a JSON body, unless its headers say otherwise. */
export const withBody = (wish: Request): Buffer => {
  const given = wish.headers ?? []
  const typed = given.some(([name]) => name.toLowerCase() === 'content-type')
  return request({ method: 'POST', ...wish, headers: typed ? given : [JSON_TYPE, ...given] })
}

const HANDSHAKE: readonly (readonly [string, string])[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
]

/** A WebSocket handshake with some of its headers in another form; null leaves one out. */
export function handshake(
  other: Readonly<Record<string, string | null>> = {},
  wish: Partial<Request> = {},
): Buffer {
  const rest = Object.entries(other).filter(
    ([name]) => !HANDSHAKE.some(([usual]) => usual === name),
  )
  const headers = [
    ...HANDSHAKE.map(
      ([name, usual]) => [name, other[name] === undefined ? usual : other[name]] as const,
    ),
    ...rest,
  ]
  return request({
    path: '/v1/ws',
    ...wish,
    headers: headers.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  })
}
