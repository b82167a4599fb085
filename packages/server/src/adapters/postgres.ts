export { openPostgres } from './engine.postgres.ts'
export { migratePostgres } from './migrations.postgres.ts'
