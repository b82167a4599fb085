import { join } from 'node:path'
import { nameOf, packagesOf, productionOf } from '@tertulia/lint/lockfile'
import { PUBLISHED, root } from './published.ts'

export const LIST = join(root, 'THIRD-PARTY-LICENCES.md')

const OPENING = `# Licences of others

What the published packages bring along when they are installed, at the versions of \`package-lock.json\`. This file is
made by \`npm run licences\`; a test keeps it up to date. Each package carries the text of its licence.

| Package | Version | Licence |
| --- | --- | --- |
`

/** The list as it must stand in the repository. Throws where a package states no licence. */
export function thirdPartyList(): string {
  const packages = packagesOf(root)
  const rows = [...productionOf(packages, PUBLISHED)].map((path) => {
    const { version, license } = packages[path] ?? {}
    if (version === undefined || license === undefined)
      throw new Error(
        `${path} states no version or licence in package-lock.json, so nobody knows whether we may hand it on. ` +
          'Read its licence, and take another package if it has none.',
      )
    return `| ${nameOf(path)} | ${version} | ${license} |\n`
  })
  return OPENING + [...new Set(rows)].sort().join('')
}
