// What messages and sync stand on. The operations about pins stand on messages: see handlers.ts.
export { dropPinOn, dropTruncatedPins } from './dropping.ts'
export { pinCheck } from './pins.check.ts'
export { dropPinsOf } from './pins.store.ts'
export { visiblePins } from './syncing.ts'
