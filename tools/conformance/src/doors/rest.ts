import {
  type ErrorCode,
  errorTable,
  type OperationName,
  Problem,
  type Rest,
} from '@tertulia/protocol'
import { mayAnswer, operationOf } from '../contract.ts'
import type { Ears } from '../ears.ts'
import { ContractFault, strictly } from '../strictly.ts'
import type { Answer } from './answer.ts'

export interface RestCaller {
  readonly url: string
  /** The bearer of the `Authorization` header, or null for none. */
  readonly bearer: string | null
  readonly ears: Ears
}

export type RestAnswer = Answer & { readonly status: number; readonly headers: Headers }

/** Calls an operation over REST and holds every part of the answer against the contract. */
export async function callRest(
  caller: RestCaller,
  name: OperationName,
  input: object,
): Promise<RestAnswer> {
  const { rest } = operationOf(name)
  if (!rest) throw new Error(`${name} has no REST route.`)
  return readAnswer(name, await fetchRest(caller, requestOf(rest, input)))
}

/** Holds an answer against the contract of the operation that it should answer. */
export function readAnswer(name: OperationName, response: RestResponse): RestAnswer {
  const { status, headers, body } = response
  const what = `The answer of ${name} over REST`
  checkHeaders(headers, what)
  if (status !== 200)
    return { ok: false, error: problemIn({ ...response, name }, what), status, headers }
  if (!headers.get('content-type')?.startsWith('application/json'))
    throw new ContractFault(`${what} is not application/json.`)
  return { ok: true, data: strictly(operationOf(name).output, body, what), status, headers }
}

export interface RestRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface RestResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Sends any request, good or bad. */
export async function fetchRest(
  { url, bearer, ears }: RestCaller,
  request: RestRequest,
): Promise<RestResponse> {
  const { method, path, headers = {}, body } = request
  const response = await fetch(url + path, {
    method,
    headers: { ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }), ...headers },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
  })
  const text = await response.text()
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
  ears.note(`${method} ${path}`, `${response.status}\n${head}\n\n${text}`)
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : JSON.parse(text),
  }
}

/** Puts every field of an input where its route wants it. */
function requestOf({ method, path, keyHeader }: Rest, input: object): RestRequest {
  const fields = new Map<string, unknown>(Object.entries(input))
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(fields.get(field))
    fields.delete(field)
    return encodeURIComponent(value)
  })
  const headers: Record<string, string> = {}
  if (keyHeader !== undefined && fields.has(keyHeader)) {
    headers['Idempotency-Key'] = String(fields.get(keyHeader))
    fields.delete(keyHeader)
  }
  if (method === 'GET' || method === 'DELETE')
    return { method, path: filled + queryOf(fields), headers }
  headers['Content-Type'] = 'application/json'
  return { method, path: filled, headers, body: JSON.stringify(Object.fromEntries(fields)) }
}

function queryOf(fields: ReadonlyMap<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [name, value] of fields) query.append(name, [value].flat().join(','))
  return query.size === 0 ? '' : `?${query}`
}

function checkHeaders(headers: Headers, what: string): void {
  const caching = headers.get('cache-control') ?? ''
  if (!caching.includes('no-store') || !caching.includes('private'))
    throw new ContractFault(`${what} may be cached: Cache-Control is "${caching}" (REST-5).`)
}

interface Refused extends RestResponse {
  readonly name: OperationName
}

/** The problem document of a refusal (REST-6, REST-7). */
function problemIn({ name, status, headers, body }: Refused, what: string): Problem {
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    throw new ContractFault(`${what} is ${status} and not application/problem+json.`)
  const problem = strictly(Problem, body, what)
  checkProblem(problem, status, what)
  checkCode(name, problem.code, what)
  if (status === 401 && !headers.get('www-authenticate')?.startsWith('Bearer'))
    throw new ContractFault(`${what} is 401 without WWW-Authenticate: Bearer (REST-6).`)
  const expected =
    problem.retryAfterMs === undefined ? null : String(Math.ceil(problem.retryAfterMs / 1000))
  if (headers.get('retry-after') !== expected)
    throw new ContractFault(
      `${what} has Retry-After ${headers.get('retry-after')}, not ${expected}.`,
    )
  return problem
}

function checkProblem({ code, status: told }: Problem, status: number, what: string): void {
  if (told !== status || errorTable[code].status !== status)
    throw new ContractFault(
      `${what} has the status ${status}, tells ${told}, and ${code} is ${errorTable[code].status}.`,
    )
}

/** Refuses codes that the operation does not declare, and `internal` always. */
export function checkCode(name: OperationName, code: ErrorCode, what: string): void {
  if (code === 'internal') throw new ContractFault(`${what} is a mistake of the server: internal.`)
  if (!mayAnswer(name, code))
    throw new ContractFault(`${what} has the code ${code}, which ${name} does not declare.`)
}
