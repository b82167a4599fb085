export { watchersOf } from './looking.ts'
export { createWatchers } from './watchers.ts'
