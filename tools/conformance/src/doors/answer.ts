import type { ErrorBody } from '@tertulia/protocol'

/** What a call came to, over whichever door. */
export type Answer<Data = unknown> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly error: ErrorBody }

/** In one word, for tables of expectations. */
export const outcomeOf = (answer: Answer): string => (answer.ok ? 'done' : answer.error.code)
