import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

/** The server said something that the contract does not. */
export class ContractFault extends Error {
  override readonly name = 'ContractFault'
}

/**
 * Reads what a server said by its schema and lets nothing pass that the schema does not name. Clients must be
 * tolerant; this suite must not be, because a field too many is how private things leak.
 */
export function strictly<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw new ContractFault(
      `${what} does not fit the contract.\n${z.prettifyError(parsed.error)}\n${shown(value)}`,
    )
  // Parsing drops what the schema does not know, so the two differ exactly when there was more.
  if (!isDeepStrictEqual(plain(parsed.data), plain(value)))
    throw new ContractFault(
      `${what} says more than the contract.\nsaid:    ${shown(value)}\nallowed: ${shown(parsed.data)}`,
    )
  return parsed.data
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 4000) ?? String(value)
