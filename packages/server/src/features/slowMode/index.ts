export { forgetSlowSends } from './forgetting.ts'
export { turnOf } from './turn.ts'
