import { testDatabase } from '@tertulia/postgres'
import { simSuite } from './sim.suite.ts'
import { faults, postgresFaults } from './src/faults/index.ts'
import { postgresStores } from './src/store/postgresStore.ts'
import type { Stores } from './src/store/simStore.ts'

/** One that shows on every store: there is time for no more. */
const early = faults.filter(({ name }) => name === 'announce-before-commit')

simSuite({
  open,
  seeds: 25,
  repeated: [7],
  planted: [...early, ...postgresFaults],
  // Seeds are slow here: begin where both mistakes were found soon.
  lookFrom: 15,
})

async function open(): Promise<Stores> {
  const database = await testDatabase()
  if (!database) throw new Error('These tests need the project postgres.')
  const stores = await postgresStores(database.url)
  return {
    ...stores,
    async [Symbol.asyncDispose]() {
      await stores[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}
