import { launch } from './launch.js'

// npm run tertulia -- <words>: the command from its source.
await launch(['apps/cli/src/main.ts', ...process.argv.slice(2)])
