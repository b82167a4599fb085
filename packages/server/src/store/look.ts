import type { AppliedMigration } from './migrate.ts'

/** What a store holds, before anything is done to it. */
export interface StoreLook {
  /** Empty where there is no store yet. */
  readonly applied: readonly AppliedMigration[]
  /** What the store says of itself. */
  readonly meta: ReadonlyMap<string, string>
}

/** What every table of migrations of ours has; many programs have one of this name. */
export const HISTORY_COLUMNS = ['id', 'name', 'checksum'] as const
