/** How names are compared when people search for them: the same on every engine, whatever its locale. */
export const folded = (name: string): string => name.normalize('NFKC').toLowerCase()

/** The first string after all those that begin with `prefix`, for a range over a binary collation. */
export const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`
