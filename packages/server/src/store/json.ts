/**
 * Reads a JSON column. A row that somebody damaged must not break a page, a sync or an export, so what cannot be
 * read becomes the fallback.
 */
export function fromJson<T>(text: string | null, fallback: T): T {
  if (text === null) return fallback
  try {
    const value: unknown = JSON.parse(text)
    return sameShape(value, fallback) ? (value as T) : fallback
  } catch {
    return fallback
  }
}

/** Whether a JSON column holds an object, or an array, as its model does. */
export const isReadable = (text: string | null, model: object): boolean =>
  fromJson(text, model) !== model

const sameShape = (value: unknown, model: unknown): boolean =>
  typeof value === typeof model && value !== null && Array.isArray(value) === Array.isArray(model)
