import { DatabaseSync } from 'node:sqlite'
import { LIMITS } from '@tertulia/protocol'
import type { Server } from '@tertulia/server'
import type { Bench, Choices, Course } from '../run/bench.ts'
import type { Ledger } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedMessages } from '../store/messages.ts'
import { channelId, seedTown, uidOf, userId } from '../store/people.ts'
import { messageId } from '../store/reacting.ts'
import { newClientId, TEXT } from '../store/sending.ts'
import { openServer } from '../store/server.ts'

const sizes = {
  full: { messages: 20_000, steps: 30_000, clients: 300 },
  smoke: { messages: 1000, steps: 600, clients: 20 },
}
const town = { users: 40, channels: 2, channelsEach: 2 }
/** Of ten steps one is a message and nine are reactions. */
const MESSAGE_EVERY = 10
/** Of the reactions so many go to any old message, the others to the newest fifty. */
const OLD_SHARE = 0.2

const APART = 'a version of their own'
const TOGETHER = 'the version of the message'

export const reactionResets: Bench = {
  name: 'reactionResets',
  measures:
    'Of the clients that come back and would get a delta if nobody had reacted, how many get a reset instead. They ' +
    'were away for 1 to 500 messages, evenly by order of magnitude, in a channel with nine reactions to a message, a ' +
    'fifth of them to old messages. Once as it is, with a version of their own for reactions, asked from the server; ' +
    'once as it would be if a reaction were a new version of its message, counted in the same store.',
  targets: [{ kind: 'figure', of: APART, bound: { atMost: 1 } }],
  open,
}

async function open({ size, wanted }: Choices): Promise<Course> {
  return {
    settings: { ...town, ...sizes[size], messageEvery: MESSAGE_EVERY, oldShare: OLD_SHARE },
    async round(ledger) {
      if (wanted(APART)) await measure(ledger, sizes[size])
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Size {
  readonly messages: number
  readonly steps: number
  readonly clients: number
}

async function measure(ledger: Ledger, { messages, steps, clients }: Size): Promise<void> {
  using folder = StoreFolder.temporary()
  await fillStore(folder, (db) => {
    seedTown(db, town)
    seedMessages(db, { town, messages: 2 * messages })
  })
  const server = await openServer(folder.path, {})
  const heads = await talkAndReact(server, { messages, steps })
  const most = Math.min(LIMITS.deltaRows - 1, heads.length - 1)
  const away = Array.from({ length: clients }, (_, nth) =>
    Math.max(1, Math.round(most ** ((nth + 0.5) / clients))),
  )
  const cursors = away.map((missed) => heads.at(-1 - missed) ?? 0)
  const resets = await resetsAmong(server, cursors)
  await server.stop()
  ledger.note(APART, '% resets', (100 * resets) / clients)
  const together = cursors.filter((seq) => changedSince(folder.file, seq) > LIMITS.deltaRows)
  ledger.note(TOGETHER, '% resets', (100 * together.length) / clients)
}

/** Returns the head of the channel after each message, oldest first. */
async function talkAndReact(
  server: Server,
  { messages, steps }: Pick<Size, 'messages' | 'steps'>,
): Promise<number[]> {
  const heads: number[] = []
  const newest = Array.from({ length: 50 }, (_, back) => messageId(messages - 50 + back))
  const AT_ONCE = 100
  for (let begun = 0; begun < steps; begun += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, offset) => {
        const step = begun + offset
        if (step % MESSAGE_EVERY === 0) {
          const wish = { channelId: channelId(0), clientId: newClientId(), text: TEXT }
          const { message } = (await ask(server, step, 'message.send', wish)) as {
            message: { id: string; seq: number }
          }
          heads.push(message.seq)
          newest.push(message.id)
          newest.shift()
        } else {
          const isOld = chance(step) < OLD_SHARE
          const target = isOld
            ? messageId(Math.floor(chance(step + 0.5) * messages))
            : newest[step % newest.length]
          const wish = { channelId: channelId(0), messageId: target, emoji: '👍' }
          await ask(server, step, 'reaction.add', wish)
        }
      }),
    )
  return heads.toSorted((a, b) => a - b)
}

/** The same in every run, in [0, 1). */
const chance = (step: number): number => {
  const mixed = Math.sin(step * 12.9898 + 4.1414) * 43758.5453
  return mixed - Math.floor(mixed)
}

const ask = (server: Server, step: number, op: string, input: object): Promise<unknown> => {
  const user = step % town.users
  return server.operations.call({
    actor: { kind: 'user', uid: uidOf(user), id: userId(user) },
    op,
    input,
    requestId: 'bench',
    bytes: 0,
  })
}

async function resetsAmong(server: Server, cursors: readonly number[]): Promise<number> {
  let resets = 0
  for (const seq of cursors) {
    const { channels } = (await ask(server, 0, 'sync.pull', {
      channels: [{ id: channelId(0), epoch: 1, seq }],
    })) as { channels: { status: string }[] }
    if (channels[0]?.status === 'reset') resets++
  }
  return resets
}

/** Messages of channel 0 that were written or got reactions since. */
function changedSince(file: string, seq: number): number {
  const db = new DatabaseSync(file, { readOnly: true })
  const row = db
    .prepare(
      `SELECT count(*) AS changed FROM (
         SELECT seq FROM messages WHERE channel_id = :channel AND version > :seq
         UNION SELECT message_seq FROM reaction_counts WHERE channel_id = :channel AND version > :seq)`,
    )
    .get({ channel: Number(channelId(0)), seq })
  db.close()
  return Number(row?.['changed'])
}
