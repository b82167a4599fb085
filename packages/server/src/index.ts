export { systemClock } from './adapters/clock.system.ts'
export { makeFolder } from './adapters/dataFolder.ts'
export {
  type Config,
  ConfigError,
  type ConfigFault,
  readConfig,
  type ServerConfig,
  unknownSettings,
} from './config.ts'
export { type SettingEntry, settingTable } from './configSettings.ts'
export { createServer, type Overrides, type Server } from './createServer.ts'
export { createKeyDesk, isName, type KeyDesk, type KeyWish } from './identity/keyDesk.ts'
export type { ApiKeyRecord, ApiKeys, KeyAccess } from './identity/keyring.ts'
export { hashOfKey, newApiKey } from './identity/keys.ts'
export { mintToken } from './identity/tokens.ts'
export type { AuditAction, AuditEntry, AuditRow } from './kernel/audit.ts'
export { type Failpoint, Failpoints } from './kernel/failpoints.ts'
export { type ChannelTypes, defaultChannelTypes } from './kernel/permissions/channelTypes.ts'
export { moveStore } from './moveStore.ts'
export { type OpenKeys, openKeys } from './openKeys.ts'
export type { Random } from './ports/clock.ts'
export type { Log } from './ports/log.ts'
export type { Engine } from './store/engine.ts'
export { devTokens } from './transports/devTokens.ts'
export { loadPages, PAGE_POLICY, servePages } from './transports/pages.ts'
export type { Extension } from './transports/rest.ts'
export { isLocal, unsafeSettings } from './unsafeSettings.ts'
export type { FoundFault } from './upkeep/checkStore.ts'
export { backUp, migrateOnly, type OpenUpkeep, openUpkeep, restore } from './upkeep.ts'
