import { migratePostgres, migrations } from '@tertulia/server/parts'

// Migrates the database of its only argument, from our sources.
await migratePostgres(process.argv[2] ?? '', migrations, 0)
