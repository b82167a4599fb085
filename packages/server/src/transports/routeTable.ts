import type { FastifyInstance } from 'fastify'

export interface RouteTable {
  /** The methods that the path of a request target has, in the order of their declaration. */
  methodsOf(target: string): readonly string[]
}

/** Remembers every route of an instance from now on, to tell a wrong method from an unknown address. */
export function createRouteTable(app: FastifyInstance): RouteTable {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: patternOf(url), methods: [method].flat() })
  })
  return {
    methodsOf(target) {
      const path = target.split('?')[0] ?? ''
      return [...new Set(routes.flatMap((route) => (route.path.test(path) ? route.methods : [])))]
    },
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.split('/').map(partPattern).join('/')}$`)

const partPattern = (part: string): string =>
  part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
