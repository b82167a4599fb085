import { type Operation, operation, operations } from '@tertulia/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type FieldKind, type FieldKinds, parseQuery } from './query.ts'
import { routesOf } from './routes.ts'

describe('queries', () => {
  it('give back every text that was encoded into them', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed())
    fc.assert(
      fc.property(text, text, (name, type) => {
        const query = new URLSearchParams({ name, type }).toString()
        expect(
          parseQuery(
            query,
            new Map([
              ['name', 'text'],
              ['type', 'text'],
            ]),
          ),
        ).toEqual({ name, type })
      }),
    )
  })

  it('read integers, booleans and lists by their kind', () => {
    const kinds: FieldKinds = new Map<string, FieldKind>([
      ['n', 'integer'],
      ['yes', 'boolean'],
      ['list', { listOf: 'integer' }],
    ])
    expect(parseQuery('n=-7&yes=true&list=1,2,x', kinds)).toEqual({
      n: -7,
      yes: true,
      list: [1, 2, 'x'],
    })
    expect(parseQuery('yes=True&list=&', kinds)).toEqual({ yes: 'True', list: [] })
    expect(parseQuery('', kinds)).toEqual({})
  })
})

describe('routes', () => {
  it('exist for every operation that declares one, each at an address of its own', () => {
    const routes = routesOf(operations as readonly Operation[])
    expect(routes).toHaveLength(operations.filter(({ rest }) => rest !== null).length)
    expect(
      new Set(routes.map(({ method, url }) => `${method} ${url.replace(/:\w+/g, ':')}`)).size,
    ).toBe(routes.length)
  })

  const declare = (input: z.ZodType, path: `/v1/${string}` = '/v1/things') =>
    operation({
      name: 'thing.get',
      summary: 'A thing.',
      rest: { method: 'GET', path },
      socket: false,
      callers: ['user'],
      rate: 'request',
      retry: 'safe',
      input,
      output: z.object({}),
      errors: [],
    })

  it('cannot be derived from what has no place in an address', () => {
    expect(() => routesOf([declare(z.strictObject({ wish: z.strictObject({}) }))])).toThrow(
      /cannot stand in a query/,
    )
    expect(() => routesOf([declare(z.strictObject({}), '/v1/things/{id}')])).toThrow(/names id/)
    expect(() => routesOf([declare(z.string())])).toThrow(/not an object/)
  })
})
