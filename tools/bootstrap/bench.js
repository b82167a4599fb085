import { launch } from './launch.js'

// npm run bench [-- <options of the benches>]
await launch(['tools/bench/src/main.ts', ...process.argv.slice(2)])
