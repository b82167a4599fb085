export { createStreamReader } from './opening.ts'
export { syncHandlers } from './sync.ts'
