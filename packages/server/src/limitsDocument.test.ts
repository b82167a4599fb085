import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LIMITS } from '@tertulia/protocol'
import { expect, test } from 'vitest'
import { type LimitEntry, limitsDocument } from './limitsDocument.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FOLDERS = ['packages/protocol/src', 'packages/server/src']

/** Our own sources that read limits, by path. */
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.(test|suite)\.ts$|fixtures/.test(path))
    .map((path) => `${folder}/${path}`),
)
  .filter((path) => !/\/limits(Document|OnCallers|OnNodes)?\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }))
  .filter(({ text }) => /limits/i.test(text))

const placesOf = (name: string): string[] =>
  sources.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text)).map(({ path }) => path)

const linkTo = (path: string): string =>
  `[${path.split('/').at(-1)?.replace('.ts', '')}](../${path})`

const row = ({ name, value, unit, what, setting }: LimitEntry): string =>
  `| \`${name}\` | ${value} | ${unit} | ${what} | ${setting ? `\`${setting}\`` : 'fixed'} | ${placesOf(name).sort().map(linkTo).join(', ') || 'clients'} |`

const page = (): string => `# Limits

Every bound of a server. A running server tells its own at \`GET /v1/limits\`. This page is generated from
[limits.ts](../packages/protocol/src/limits.ts) and from the sources that read it: \`npx vitest run limitsDocument -u\`.

Set a tunable one in the environment, for example \`TERTULIA_LIMIT_SENDS_PER_SECOND=10\`. The fixed ones stand in the
contract, or were measured together: clients and other bounds rely on them.

| Name | Value | Unit | What is bounded | Setting | Enforced in |
| --- | ---: | --- | --- | --- | --- |
${limitsDocument(LIMITS).limits.map(row).join('\n')}
`

test('the page of limits is up to date', async () => {
  await expect(page()).toMatchFileSnapshot(`${ROOT}docs/limits.md`)
})

test('every limit is enforced somewhere; one of them is kept by clients', () => {
  const idle = limitsDocument(LIMITS).limits.filter(({ name }) => placesOf(name).length === 0)
  expect(idle.map(({ name }) => name)).toEqual(['heartbeatAnswerMs'])
})
