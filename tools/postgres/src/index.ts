export { Cluster } from './cluster.ts'
export { type TestDatabase, testDatabase } from './databases.ts'
