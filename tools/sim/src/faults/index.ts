import { clientFaults } from './clientFaults.ts'
import type { Fault } from './fault.ts'
import { serverFaults } from './serverFaults.ts'

export { postgresFaults } from './postgresFaults.ts'

/** Every mistake that the simulation must find. */
export const faults: readonly Fault[] = [...clientFaults, ...serverFaults]
