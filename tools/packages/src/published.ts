import { resolve } from 'node:path'

/** The folder of the repository. */
export const root = resolve(import.meta.dirname, '../../..')

/** What we publish, each after those that it needs. */
export const PUBLISHED = ['packages/protocol', 'packages/server', 'apps/cli'] as const

/** The page of `tertulia dev`, which the command brings along. */
export const PAGE = 'apps/demo/public'
