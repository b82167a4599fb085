import { ChatError } from '@tertulia/protocol'
import {
  StoreAwayError,
  StoreBrokenError,
  StoreConflictError,
  StoreFullError,
} from '../store/engine.ts'

const SOON_MS = 1000
const LATER_MS = 5000

/** What a caller is told of a store that fails, wherever it is noticed; null for any other error. */
export function unavailableBy(error: unknown): ChatError | null {
  if (error instanceof StoreFullError)
    return new ChatError('unavailable', {
      retryAfterMs: LATER_MS,
      details: { reason: 'the store is full' },
      cause: error,
    })
  if (error instanceof StoreAwayError || error instanceof StoreConflictError)
    return new ChatError('unavailable', { retryAfterMs: SOON_MS, cause: error })
  if (error instanceof StoreBrokenError)
    return new ChatError('unavailable', { retryAfterMs: LATER_MS, cause: error })
  return null
}
