import type { Engine } from '@tertulia/server'
import type { Fault } from './fault.ts'

/** In a transaction that writes, every statement sees what was committed before it. */
const readWithoutSnapshot = (engine: Engine): Engine => ({
  ...engine,
  read: (job) => engine.write((changes) => job(changes)),
})

/** Mistakes that do no harm where transactions run one after another. */
export const postgresFaults: readonly Fault[] = [
  {
    name: 'no-snapshot',
    what: 'A read does not stand at one moment, but each of its statements at its own.',
    seams: { engine: readWithoutSnapshot },
  },
]
