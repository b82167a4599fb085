import { CommandError, EXIT } from './exits.ts'

export const SAMPLE_USERS = ['alice', 'bob', 'charlie', 'dana'] as const

const nameOf = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1)

/** A backend that knows the address and the API key of its server. */
interface Backend {
  readonly url: string
  readonly apiKey: string
}

/** Creates the sample users and a channel for them, the way a backend would. What exists stays as it is. */
export async function createSamples(backend: Backend): Promise<void> {
  for (const id of SAMPLE_USERS) {
    if ((await call(backend, 'GET', `/v1/users/${id}`)).ok) continue
    await made(call(backend, 'POST', '/v1/users', { users: [{ id, name: nameOf(id) }] }))
  }
  const [first, ...others] = SAMPLE_USERS
  const members = [{ userId: first, role: 'owner' }, ...others.map((userId) => ({ userId }))]
  await made(call(backend, 'PUT', '/v1/channels/by-key/lunch', { name: 'Lunch', members }))
}

async function call(
  { url, apiKey }: Backend,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  return fetch(`${url}${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
}

async function made(answer: Promise<Response>): Promise<void> {
  const { ok, url, text } = await answer.then(async (response) => ({
    ok: response.ok,
    url: response.url,
    text: await response.text(),
  }))
  if (!ok) throw new CommandError(EXIT.failed, `The samples could not be made at ${url}: ${text}`)
}
