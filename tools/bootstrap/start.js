import { launch } from './launch.js'

// npm start [-- <options of tertulia dev>]: a server with the embedded store, and the demo.
await launch(['apps/cli/src/main.ts', 'dev', ...process.argv.slice(2)])
