import { Cluster } from '@tertulia/postgres'
import { migratePostgres, migrations } from '@tertulia/server/parts'
import { postgresStores } from './postgresStore.ts'
import type { Stores } from './simStore.ts'

/** On a PostgreSQL of our own, which is thrown away with the stores. */
export async function storesOnOwnCluster(): Promise<Stores> {
  const cluster = await Cluster.start()
  await cluster.createDatabase('sim')
  const url = cluster.url('sim')
  await migratePostgres(url, migrations, 0)
  const stores = await postgresStores(url)
  return {
    ...stores,
    async [Symbol.asyncDispose]() {
      await stores[Symbol.asyncDispose]()
      await cluster[Symbol.asyncDispose]()
    },
  }
}
