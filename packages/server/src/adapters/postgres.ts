export { openPostgres } from './engine.postgres.ts'
export { lookAtDatabase } from './look.postgres.ts'
export { migratePostgres } from './migrations.postgres.ts'
