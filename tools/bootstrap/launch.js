import { install } from './install.js'
import { environmentFor } from './repository.js'
import { run } from './run.js'

// Under many connections V8 lets its young generation grow and keeps it. Bounded like this, an idle
// connection costs about 10 KB of resident memory instead of 17 (`npm run bench -- memory`).
const flags = ['--conditions=tertulia-source', '--max-semi-space-size=16']

/**
 * Installs what is missing, then runs one of our programs from its source in the foreground. This
 * process ends as the program does.
 * @param {readonly string[]} words the program, relative to the repository, and its arguments
 */
export async function launch(words) {
  try {
    const node = await install()
    process.exitCode = await run(node, [...flags, ...words], {
      env: environmentFor(node),
      stdin: 'inherit',
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
