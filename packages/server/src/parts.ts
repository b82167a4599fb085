/**
 * The product without its doors, for tools that measure or simulate it. Not part of what the package promises:
 * applications use `createServer`.
 */

export { openPostgres } from './adapters/engine.postgres.ts'
export { openSqlite } from './adapters/engine.sqlite.ts'
export { migratePostgres } from './adapters/migrations.postgres.ts'
export { migrateSqlite } from './adapters/migrations.sqlite.ts'
export { createGateway, type Gateway } from './connections/gateway.ts'
export { type Core, type CoreOptions, createCore } from './createCore.ts'
export { deriveKey } from './identity/derivedKeys.ts'
export { createIdentities } from './identity/identities.ts'
export { createPageCursors } from './identity/pageCursors.ts'
export type { People } from './identity/people.ts'
export { createTickets } from './identity/tickets.ts'
export { createUserTokens } from './identity/tokens.ts'
export type { Actor, UserActor } from './kernel/actor.ts'
export { defaultChannelTypes } from './kernel/permissions/channelTypes.ts'
export { migrations } from './migrations/index.ts'
export type { Announcement, Bus, StreamAnnouncement } from './ports/bus.ts'
export type { Clock, Random, Timers } from './ports/clock.ts'
export type { Operations, StreamReader } from './ports/product.ts'
export type { Framing, Socket } from './ports/socket.ts'
export { watchEngine } from './store/watchedEngine.ts'
