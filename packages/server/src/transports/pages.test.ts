import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHttp, sendRaw } from './http.suite.ts'
import { loadPages, servePages } from './pages.ts'

describe('pages', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tertulia pages '))
    await mkdir(join(folder, 'site', 'assets'), { recursive: true })
    await writeFile(join(folder, 'private.html'), 'private')
    await writeFile(join(folder, 'site', 'index.html'), '<h1>Tertulia</h1>')
    await writeFile(join(folder, 'site', 'assets', 'app.js'), 'let a')
    await writeFile(join(folder, 'site', '.env'), 'SECRET')
    await writeFile(join(folder, 'site', ':id.html'), 'a pattern')
    await symlink(join(folder, 'private.html'), join(folder, 'site', 'link.html'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const open = async () =>
    openHttp({
      extensions: [servePages(await loadPages(join(folder, 'site')), "default-src 'self'")],
    })

  it('are served with their type and policy', async () => {
    await using server = await open()
    const index = await server.app.inject({ url: '/' })
    expect(index.body).toBe('<h1>Tertulia</h1>')
    expect(index.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'self'",
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    })
    expect((await server.app.inject({ url: '/assets/app.js' })).headers['content-type']).toContain(
      'text/javascript',
    )
  })

  it('are only those that stood in the folder', async () => {
    await using server = await open()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const paths = [
      '/../private.html',
      '/assets/../../private.html',
      '/%2e%2e/private.html',
      '/..%2fprivate.html',
      '/.env',
      '/link.html',
      '/private.html',
      '/assets',
      '/anything.html',
      '/assets//app.js',
      '/assets\\..\\..\\private.html',
    ]
    for (const path of paths)
      expect(
        await sendRaw(server.app, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
      ).toContain(' 404 ')
  })
})
