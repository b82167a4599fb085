import { readFileSync } from 'node:fs'
import { expect, inject, it } from 'vitest'
import { skippable } from './src/registry.ts'
import { sbomOf } from './src/sbom.ts'
import { LIST, thirdPartyList } from './src/thirdParty.ts'

it('the list of licences is that of the lockfile; `npm run licences` writes it', () => {
  expect(readFileSync(LIST, 'utf8')).toBe(thirdPartyList())
})

it('the SBOM of the server names itself and everything that it brings', async ({ skip }) => {
  const [protocol, server] = inject('packed')
  if (!protocol || !server) return expect.fail('Nothing was packed.')
  const text = await sbomOf(server, [protocol]).catch(skippable)
  if (text === undefined) return skip('no registry of npm answers here')
  const { metadata, components } = JSON.parse(text)
  expect(metadata.component).toMatchObject({ name: server.name, version: server.version })
  const names = components.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining([protocol.name, 'fastify', 'ws', 'zod']))
  expect(names).not.toContain('pg')
})
