export { privacyFrom, privacyOf } from './privacy.store.ts'
export { privacyHandlers } from './privacy.ts'
