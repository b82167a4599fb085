import { simSuite } from './sim.suite.ts'
import { faults } from './src/faults/index.ts'
import { sqliteStores } from './src/store/sqliteStore.ts'

simSuite({
  open: async () => sqliteStores(),
  seeds: 500,
  repeated: [7, 64, 471],
  planted: faults,
})
