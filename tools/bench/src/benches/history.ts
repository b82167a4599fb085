import type { RestPagesWish } from '../crowd/main.ts'
import type { PagesWish } from '../peers/tertulia.ts'
import { NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedMessages } from '../store/messages.ts'
import { headOf, seedTown } from '../store/people.ts'

const PAGE = 50
const sizes = {
  full: { messages: 10_000_000, pages: 2000 },
  smoke: { messages: 20_000, pages: 30 },
}
const town = { users: 10, channels: 1001, channelsEach: 1001 }

export const history: Bench = {
  name: 'history',
  measures:
    'The time of one page of 50 messages in a store of 10 million: at the head of the largest channel (5 million), ' +
    'at its far end, and anywhere in between at random. Pages of the three places take turns.',
  targets: [
    {
      kind: 'ratio',
      of: 'in process, far end, p50',
      to: 'in process, head, p50',
      bound: { atMost: 1.2 },
    },
    { kind: 'ratio', of: 'REST, far end, p50', to: 'REST, head, p50', bound: { atMost: 1.2 } },
  ],
  open,
}

async function open({ size, store, quiet }: Choices): Promise<Course> {
  const { messages, pages } = sizes[size]
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
  const first = headOf(town) + 1
  const extent: Extent = { first, last: first + messages / 2 - 1, pages }
  const owned = all.move()
  return {
    settings: {
      messages,
      channels: town.channels,
      inLargestChannel: messages / 2,
      page: PAGE,
      pagesOfEachPlace: pages,
      pinning,
    },
    async round(ledger) {
      await quiet()
      const inProcess = { limit: PAGE, before: placesOf(extent) } satisfies PagesWish
      noteTimes(ledger, 'in process', await server.peer.ask('pages', inProcess))
      const overRest = {
        port: server.port,
        limit: PAGE,
        before: placesOf(extent),
      } satisfies RestPagesWish
      noteTimes(ledger, 'REST', await crowd.ask('pages', overRest))
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

interface Extent {
  readonly first: number
  readonly last: number
  readonly pages: number
}

const places = {
  head: ({ last }: Extent) => last + 1,
  'far end': ({ first }: Extent) => first + PAGE,
  anywhere: ({ first, last }: Extent) =>
    first + PAGE + Math.floor(Math.random() * (last - first - PAGE)),
} as const satisfies Record<string, (extent: Extent) => number>

const names = Object.keys(places) as (keyof typeof places)[]

const placesOf = (extent: Extent): number[] =>
  Array.from({ length: extent.pages }, () => names.map((name) => places[name](extent))).flat()

function noteTimes(ledger: Ledger, door: string, times: readonly number[]): void {
  for (const [nth, name] of names.entries()) {
    const own = times.filter((_, index) => index % names.length === nth)
    ledger.note(`${door}, ${name}, p50`, 'ms', percentile(own, 0.5))
    ledger.note(`${door}, ${name}, p99`, 'ms', percentile(own, 0.99))
  }
}
