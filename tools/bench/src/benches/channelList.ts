import type { RestListsWish } from '../crowd/main.ts'
import type { ListsWish } from '../peers/tertulia.ts'
import { NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedMessages } from '../store/messages.ts'
import { seedTown } from '../store/people.ts'

const PAGE = 30
const sizes = {
  full: { messages: 400_000, lists: 1000 },
  smoke: { messages: 5_000, lists: 20 },
}
const town = { users: 10, channels: 1000, channelsEach: 1000 }
const doors = ['in process', 'REST'] as const

export const channelList: Bench = {
  name: 'channelList',
  measures:
    'The time of the first 30 channels of somebody who is in 1,000, with the last message of each and what is left to ' +
    'read: nothing was ever read, so everything is counted up to its bound. One after another.',
  targets: doors.map((door) => ({
    kind: 'figure' as const,
    of: `${door}, p99`,
    bound: { atMost: 40 },
  })),
  open,
}

async function open({ size, store, quiet, wanted }: Choices): Promise<Course> {
  const { messages, lists } = sizes[size]
  await using all = new AsyncDisposableStack()
  const folder = all.use(StoreFolder.named(store))
  if (!folder.hasStore())
    await fillStore(folder, (db) => {
      seedTown(db, town)
      seedMessages(db, { town, messages })
    })
  const server = all.use(
    await NodeContestant.start({
      script: 'peers/tertulia.ts',
      core: SERVER_CORE,
      args: [folder.path],
    }),
  )
  const crowd = all.use(new Peer({ script: 'crowd/main.ts', core: CROWD_CORE }))
  const owned = all.move()
  const wish = { limit: PAGE, lists } satisfies ListsWish
  return {
    settings: { ...town, messages, page: PAGE, lists, pinning },
    async round(ledger) {
      await quiet()
      if (wanted('in process')) note(ledger, 'in process', await server.peer.ask('lists', wish))
      const overRest = { ...wish, port: server.port } satisfies RestListsWish
      if (wanted('REST')) note(ledger, 'REST', await crowd.ask('lists', overRest))
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function note(ledger: Ledger, door: string, times: readonly number[]): void {
  ledger.note(`${door}, p50`, 'ms', percentile(times, 0.5))
  ledger.note(`${door}, p99`, 'ms', percentile(times, 0.99))
}
