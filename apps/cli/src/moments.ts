const isDate = (ms: number): boolean => !Number.isNaN(new Date(ms).getTime())

/** A moment of the store as text. What an accident left there is shown as it is. */
export const timeOf = (ms: number): string => (isDate(ms) ? new Date(ms).toISOString() : `${ms} ms`)

export const dayOf = (ms: number): string =>
  isDate(ms) ? new Date(ms).toISOString().slice(0, 10) : `${ms} ms`
