import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ALICE, openHttp } from './http.suite.ts'
import { loadPages, PAGE_POLICY, servePages } from './pages.ts'

/** Headers that say something else at every call. */
const CHANGING = new Set([
  'date',
  'content-length',
  'x-request-id',
  'connection',
  'keep-alive',
  'etag',
])

/** One request for each class of route. A new class gets a line here, and somebody looks at its headers. */
const CLASSES = {
  'an answer with data': { url: '/v1/channels', headers: ALICE },
  'a refusal': { url: '/v1/channels' },
  'an unknown path': { url: '/v1/nothing' },
  health: { url: '/healthz' },
  'the contract': { url: '/v1/openapi.json' },
  'the limits': { url: '/v1/limits' },
  'a page': { url: '/' },
  'a script of a page': { url: '/main.js' },
} as const

test('every class of route has its security headers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-pages-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>x</title>')
  writeFileSync(join(folder, 'main.js'), 'export {}')
  const extensions = [servePages(await loadPages(folder), PAGE_POLICY)]
  await using server = openHttp({ extensions, behindTls: true })
  const seen: Record<string, unknown> = {}
  for (const [name, request] of Object.entries(CLASSES)) {
    const { statusCode, headers } = await server.app.inject(request)
    const lasting = Object.entries(headers).filter(([header]) => !CHANGING.has(header))
    seen[name] = { status: statusCode, ...Object.fromEntries(lasting.sort()) }
  }
  rmSync(folder, { recursive: true, force: true })
  expect(seen).toMatchInlineSnapshot(`
    {
      "a page": {
        "cache-control": "no-cache",
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "content-type": "text/html; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 200,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
      "a refusal": {
        "cache-control": "no-store, private",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/problem+json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 401,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "www-authenticate": "Bearer realm="tertulia"",
        "x-content-type-options": "nosniff",
      },
      "a script of a page": {
        "cache-control": "no-cache",
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "content-type": "text/javascript; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 200,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
      "an answer with data": {
        "cache-control": "no-store, private",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 200,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
      "an unknown path": {
        "cache-control": "no-store, private",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/problem+json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 404,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
      "health": {
        "cache-control": "no-store, private",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 200,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
      "the contract": {
        "cache-control": "no-store, private",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 200,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
      "the limits": {
        "cache-control": "no-store, private",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "status": 200,
        "strict-transport-security": "max-age=31536000",
        "vary": "Authorization, Origin",
        "x-content-type-options": "nosniff",
      },
    }
  `)
  for (const headers of Object.values(seen))
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining(`default-src 'none'`),
      'strict-transport-security': expect.any(String),
    })
})
