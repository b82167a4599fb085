export { Cluster } from './cluster.ts'
export { type TestDatabase, testDatabase } from './databases.ts'
export { dump, restore } from './dump.ts'
