export { customEventHandlers } from './customEvents.ts'
