import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Extension } from './rest.ts'

export interface Page {
  readonly bytes: Uint8Array
  readonly type: string
}

/** Pages by path. What is not in this map is not served, so no path can reach beyond the folder. */
export type Pages = ReadonlyMap<string, Page>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}

/** Only plain names become routes: everything else would mean something to the router. */
const PLAIN_PATH = /^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/

/** Reads the pages of a folder into memory. Hidden files, links and files of unknown types are left out. */
export async function loadPages(folder: string): Promise<Pages> {
  const pages = new Map<string, Page>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(folder, file).split(sep).join('/')}`
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined || !PLAIN_PATH.test(path)) continue
    pages.set(path, { bytes: await readFile(file), type })
  }
  const index = pages.get('/index.html')
  if (index) pages.set('/', index)
  return pages
}

/** For a page that is its own scripts, styles and connections, and shows pictures from anywhere. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
  "img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Serves pages with the given content security policy, to be asked for anew each time. */
export function servePages(pages: Pages, contentSecurityPolicy: string): Extension {
  const headers = { 'Content-Security-Policy': contentSecurityPolicy, 'Cache-Control': 'no-cache' }
  return (app) => {
    for (const [url, { bytes, type }] of pages)
      app.route({
        method: ['GET', 'HEAD'],
        url,
        handler: async (_, reply) => reply.headers(headers).type(type).send(bytes),
      })
  }
}
