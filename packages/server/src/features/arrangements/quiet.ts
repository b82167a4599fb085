import type { MembershipsTable } from '../../store/schema.ts'

type Chosen = Pick<Readonly<MembershipsTable>, 'muted_until' | 'hidden_up_to' | 'archived_at'>

/** A channel that its member muted, or took out of the own list: only mentions in it call for the member. */
export const isQuiet = (
  { muted_until, hidden_up_to, archived_at }: Chosen,
  { ordinal, now }: { readonly ordinal: number; readonly now: number },
): boolean =>
  archived_at !== null ||
  (hidden_up_to !== null && ordinal <= hidden_up_to) ||
  (muted_until !== null && (muted_until === 0 || muted_until > now))
