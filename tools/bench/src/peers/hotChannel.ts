import type { Limits } from '@tertulia/protocol'
import { Client } from 'pg'
import { answer } from '../processes/answers.ts'
import { type SendsTold, type SendsWish, sendFor } from '../store/sending.ts'
import { openServer } from '../store/server.ts'

// Our server on PostgreSQL without any door, and one channel in which everybody talks. Arguments: the address of the
// database, and limits to change, as JSON.
const [url = '', limits = '{}'] = process.argv.slice(2)
const server = await openServer('', JSON.parse(limits) as Partial<Limits>, url)
const SERVER = { kind: 'server', keyId: 'bench', access: 'full' } as const

const call = (
  actor: typeof SERVER | { readonly kind: 'user'; readonly uid: string; readonly id: string },
  op: string,
  input: unknown,
): Promise<unknown> =>
  server.operations.call({
    actor,
    op,
    input,
    requestId: 'bench',
    bytes: JSON.stringify(input).length,
  })

interface People {
  readonly channelId: string
  readonly writers: readonly { readonly kind: 'user'; readonly uid: string; readonly id: string }[]
}

/** The writers and the channel. Nobody is told the inner ids of users, so they are read from the database. */
async function gather(count: number): Promise<People> {
  const ids = Array.from({ length: count }, (_, nth) => `writer-${nth}`)
  await call(SERVER, 'user.upsert', { users: ids.map((id) => ({ id })) })
  const members = ids.map((userId) => ({ userId }))
  const { channel } = (await call(SERVER, 'channel.getOrCreate', { key: 'hot', members })) as {
    channel: { id: string }
  }
  const client = new Client(url)
  await client.connect()
  const { rows } = await client.query<{ uid: string; id: string }>('SELECT uid, id FROM users')
  await client.end()
  const writers = rows.map(({ uid, id }) => ({ kind: 'user' as const, uid, id }))
  return { channelId: channel.id, writers }
}

let people: Promise<People> | null = null
answer({
  async sends(wish: SendsWish): Promise<SendsTold> {
    people ??= gather(wish.senders)
    const { channelId, writers } = await people
    return sendFor(wish, (sender, input) => {
      const writer = writers[sender]
      if (!writer) throw new Error('There is no such writer.')
      return call(writer, 'message.send', { ...input, channelId })
    })
  },
})
