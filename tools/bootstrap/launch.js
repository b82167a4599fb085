import { install } from './install.js'
import { environmentFor } from './repository.js'
import { run } from './run.js'

/**
 * Installs what is missing, then runs one of our programs from its source in the foreground. This
 * process ends as the program does.
 * @param {readonly string[]} words the program, relative to the repository, and its arguments
 */
export async function launch(words) {
  try {
    const node = await install()
    process.exitCode = await run(node, ['--conditions=tertulia-source', ...words], {
      env: environmentFor(node),
      stdin: 'inherit',
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
