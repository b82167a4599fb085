/** The code of an error body, or null when this is none. */
function codeOf(value: unknown): string | null {
  const code = (value as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' ? code : null
}

/** An answer of any door: the data, a refusal with its code, or nothing. */
export type Answer =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly retryAfterMs: number }
  | { readonly kind: 'none'; readonly why: string }

/** Codes after which the same request may succeed: the end of the attempt is not final. */
const PASSING = new Set(['rate_limited', 'unavailable', 'internal', 'request_timeout'])

export const isFinal = (code: string): boolean => !PASSING.has(code)

export function refusalOf(body: unknown): Answer {
  const { retryAfterMs } = (body ?? {}) as { readonly retryAfterMs?: number }
  return { kind: 'refused', code: codeOf(body) ?? 'internal', retryAfterMs: retryAfterMs ?? 0 }
}
