import { io } from 'socket.io-client'
import { expect, test } from 'vitest'
import { benches } from './src/benches.ts'
import { payloadOf } from './src/peers/payload.ts'
import { NodeContestant } from './src/processes/contestant.ts'
import { Ledger, percentile } from './src/run/figures.ts'
import { perform } from './src/run/perform.ts'
import { judge } from './src/run/targets.ts'

/** The contestants of a smoke run: enough to go through every kind of server and client. */
const taking: Readonly<Record<string, readonly string[]>> = {
  sends: ['WebSocket, 8 on their way each, batched', 'in process, 1 on their way each, one by one'],
  fanout: ['bare ws', 'socket.io', 'tertulia, message by key', 'tertulia, custom event'],
  memory: ['bare ws', 'tertulia, in 50 channels'],
  handshakes: ['socket.io, JWT', 'tertulia, in 50 channels'],
  history: ['in process', 'REST'],
  reactions: ['WebSocket', 'in process'],
  reactionResets: ['a version of their own'],
  channelList: ['in process', 'REST'],
  live: ['live channel', 'group channel'],
  crowd: ['busy channel', 'bare ws'],
  hotChannel: ['batched, 16 on their way each', 'one by one'],
}

test.each(benches)('$name measures all its contestants', { timeout: 120_000 }, async (bench) => {
  const wanted = (name: string) => taking[bench.name]?.includes(name) ?? false
  const result = await perform(bench, {
    runs: 1,
    size: 'smoke',
    store: null,
    wanted,
    quiet: async () => {},
  })
  // No resets are what everybody hopes for.
  const measured = result.figures
    .filter(({ median, unit }) => median > 0 || unit === '% resets')
    .map(({ name }) => name)
  for (const contestant of taking[bench.name] ?? [])
    expect(measured).toContainEqual(expect.stringContaining(contestant))
  expect(result.machine.node).toBe(process.version)
  expect(result.settings).not.toEqual({})
})

test('the Socket.IO that we are held against serves its own client', async () => {
  await using peer = await NodeContestant.start({ script: 'peers/socketIo.ts', core: null })
  const client = io(`http://127.0.0.1:${peer.port}`, {
    transports: ['websocket'],
    auth: { rooms: ['room-0'] },
  })
  try {
    const heard = new Promise((resolve) => client.once('message', resolve))
    client.emit('send')
    expect(await heard).toEqual(payloadOf(1))
  } finally {
    client.disconnect()
  }
})

test('targets are judged by the median of the rounds, ratios round by round', () => {
  const ledger = new Ledger()
  for (const value of [10, 30, 20]) ledger.note('ours', 's', value)
  for (const value of [10, 10, 10]) ledger.note('theirs', 's', value)
  const [figure, ratio, ...skipped] = judge(ledger, [
    { kind: 'figure', of: 'ours', bound: { atMost: 20 } },
    { kind: 'ratio', of: 'ours', to: 'theirs', bound: { atLeast: 2.5 } },
    { kind: 'ratio', of: 'ours', to: 'nobody', bound: { atMost: 1 } },
  ])
  expect(figure).toMatchObject({ median: 20, met: true })
  expect(ratio).toMatchObject({ median: 2, runs: [1, 3, 2], met: false })
  expect(skipped).toEqual([])
})

test('a percentile lies between two values by proportion', () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(percentile([1, 2, 3, 4, 5], 0.75)).toBe(4)
})
