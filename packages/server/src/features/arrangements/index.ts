export { arrangementCheck } from './arrangements.check.ts'
export { arrangementOf } from './arrangements.store.ts'
export { arrangementHandlers } from './arranging.ts'
export { isQuiet } from './quiet.ts'
