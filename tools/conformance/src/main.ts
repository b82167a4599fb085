import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const USAGE = `Holds a server against the contract.

  node --conditions=tertulia-source tools/conformance/src/main.ts --url <url> --api-key <key> --secret <secret> [story …]

  --url       the base address; the nodes of a cluster separated by commas
  --api-key   a key that may do everything
  --secret    the app secret, to mint tokens with
  --read-key  a key that may only read; without it a few cells of the matrix are left out
  story       parts of the names of story files; all when absent

Without --url a server is started for the run. Everything that is made has random letters in its name; nothing that
was there before is touched. Raise the rate limits of the server for the run, or it takes long.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    'api-key': { type: 'string' },
    secret: { type: 'string' },
    'read-key': { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
if (values.url && !(values['api-key'] && values.secret)) {
  process.stderr.write(
    `--url needs --api-key and --secret too: without them nobody can be made up to talk there.\n\n${USAGE}`,
  )
  process.exit(2)
}

const given = {
  CONFORMANCE_URL: values.url,
  CONFORMANCE_API_KEY: values['api-key'],
  CONFORMANCE_SECRET: values.secret,
  CONFORMANCE_READ_KEY: values['read-key'],
}
const root = fileURLToPath(new URL('../../../', import.meta.url))
const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')))
const stories =
  positionals.length > 0
    ? positionals.map((part) => `tools/conformance/stories/${part}`)
    : ['tools/conformance/stories']

const child = spawn(process.execPath, [vitest, 'run', '--root', root, ...stories], {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  },
})
child.once('exit', (code) => process.exit(code ?? 1))
