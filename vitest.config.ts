import { defineConfig } from 'vitest/config'

/** Workspaces load each other's sources. Vitest passes the conditions on to its workers. */
const conditions = ['tertulia-source', 'module', 'node', 'development|production']

const never = ['**/node_modules/**', '**/dist/**']
const faults = 'tools/**/*.fault.test.ts'
const browser = '**/*.browser.test.ts'
const packages = 'tools/packages/**/*.test.ts'
const onlyPostgres = ['**/*.postgres.test.ts', 'tools/differential/**/*.test.ts']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    silent: 'passed-only',
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [...never, faults, browser, packages, ...onlyPostgres],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // What rests on the store, once more on the other engine.
        extends: true,
        test: {
          name: 'postgres',
          include: [
            'packages/server/src/kernel/writeQueue.test.ts',
            'packages/server/src/features/**/*.test.ts',
            'tools/conformance/stories/**/*.test.ts',
            ...onlyPostgres,
          ],
          exclude: never,
          env: { TERTULIA_TEST_ENGINE: 'postgres' },
          globalSetup: 'tools/postgres/src/globalSetup.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // Real processes with deadlines of their own: one after the other.
        extends: true,
        test: {
          name: 'faults',
          include: [faults],
          exclude: never,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What we publish, as tarballs installed elsewhere.
        extends: true,
        test: {
          name: 'packages',
          include: [packages],
          exclude: never,
          globalSetup: 'tools/packages/src/globalSetup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [browser],
          exclude: never,
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
