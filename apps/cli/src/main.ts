#!/usr/bin/env -S node --max-semi-space-size=16
// Nothing is imported here, and nothing is written that an old Node could not read: it must be able to say so.
const NEEDED = 24

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `Tertulia needs Node.js ${NEEDED} or newer, and this is ${process.version}: install one from https://nodejs.org.`,
  )
  process.exit(1)
}

const { main } = await import('./cli.ts')
await main()
