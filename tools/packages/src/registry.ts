import { NpmError } from './npm.ts'

/** No registry answered: what was asked for was not tried. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED)\b/

/**
 * For a test that needs a registry: turns the error of one that does not answer into nothing, and says so aloud.
 * Under CI=true, where nobody reads what was left out, it stays an error.
 */
export function skippable(error: unknown): undefined {
  const unreachable = error instanceof NpmError && UNREACHABLE.test(error.message)
  if (!unreachable || process.env['CI'] === 'true') throw error
  process.stderr.write('!!! The packages were NOT INSTALLED: no registry of npm answers here.\n')
  return undefined
}
