export { presenceHandlers } from './choosing.ts'
export { isInvisible } from './presence.store.ts'
export { createPresence } from './presence.ts'
