import { cpSync, rmSync } from 'node:fs'

// npm runs this in the folder of the command: with the folder of the page before it packs, without words afterwards.
// What stayed behind would hide the page of the demo from `tertulia dev` in the repository.

const [from] = process.argv.slice(2)
rmSync('pages', { recursive: true, force: true })
if (from !== undefined) cpSync(from, 'pages', { recursive: true })
