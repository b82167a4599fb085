import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Socket } from '../ports/socket.ts'
import { Batch } from './batch.ts'
import type { Bytes } from './bytes.ts'
import { Connection, type Receiver } from './connection.ts'
import { Hub } from './hub.ts'
import { Hubs } from './hubs.ts'
import { SimulatedSocket } from './sockets.suite.ts'
import { levelOf, sinceOf } from './watching.ts'

const CONNECTIONS = 5
const HUBS = 6

const deaf: Receiver = { text() {}, binary() {}, pinged() {}, drained() {}, closed() {} }

const connectionNamed = (id: string) =>
  new Connection({
    id,
    socket: new SimulatedSocket() as unknown as Socket<Bytes>,
    receiver: deaf,
    caller: { address: '', token: null, ticket: null },
    root: new Batch(null, null, 0),
    now: 0,
  })

it('keeps both sides of every interest true through any changes', () => {
  const change = fc.record({
    who: fc.nat(CONNECTIONS - 1),
    where: fc.nat(HUBS - 1),
    level: fc.constantFrom('full' as const, 'list' as const, 'none' as const),
    since: fc.nat(100),
  })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const hubs = new Hubs({ listInterests: 1000, ended: () => {}, moved: () => {} })
      const connections = Array.from({ length: CONNECTIONS }, (_, id) => connectionNamed(`c_${id}`))
      const wanted = new Map<string, { level: 'full' | 'list'; since: number }>()
      for (const { who, where, level, since } of changes) {
        const connection = connections[who]
        if (!connection) continue
        const hub = hubs.ensure(String(where))
        if (level === 'none') hubs.unwatch(connection, hub)
        else hubs.watch(connection, hub, { level, visibleFrom: 0, since })
        hubs.tidy(hub)
        if (level === 'none') wanted.delete(`${who}/${where}`)
        else wanted.set(`${who}/${where}`, { level, since: level === 'full' ? since : 0 })
      }
      for (const [who, connection] of connections.entries())
        for (let where = 0; where < HUBS; where++) {
          const hub = hubs.get(String(where)) ?? new Hub(String(where))
          const level = levelOf(connection, hub)
          const found = level && { level, since: sinceOf(connection, hub) }
          expect(found).toEqual(wanted.get(`${who}/${where}`) ?? null)
          expect(hub.full.includes(connection)).toBe(level === 'full')
          expect(hub.list.includes(connection)).toBe(level === 'list')
        }
      const names = new Set([...wanted.keys()].map((key) => key.split('/')[1]))
      expect(hubs.size).toBe(names.size)
      for (const connection of connections) hubs.unwatchAll(connection)
      expect(hubs.size).toBe(0)
      expect(connections.map((connection) => connection.fullCount)).toEqual([0, 0, 0, 0, 0])
    }),
  )
})
