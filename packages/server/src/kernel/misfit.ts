import { ChatError } from '@tertulia/protocol'
import type { z } from 'zod'

const MOST_FIELDS = 10
const MOST_OF_A_NAME = 64

/** The refusal of input that its schema does not take: names up to 10 fields that do not fit, never their content. */
export function misfit({ issues }: z.ZodError): ChatError {
  const fields = issues.slice(0, MOST_FIELDS).flatMap(faultsOf).slice(0, MOST_FIELDS)
  return new ChatError('bad_request', { details: { fields } })
}

/** One fault for each unknown field: a developer who mistyped a name looks for that name. */
function faultsOf(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: pathOf(issue.path), message: issue.message }]
  return issue.keys
    .slice(0, MOST_FIELDS)
    .map((key) => ({ path: pathOf([...issue.path, shortened(key)]), message: 'unknown field' }))
}

const pathOf = (path: readonly PropertyKey[]): string => path.map(String).join('.')

/** A cut may go through a surrogate pair, and half of one cannot be sent. */
const shortened = (name: string): string => name.slice(0, MOST_OF_A_NAME).toWellFormed()
