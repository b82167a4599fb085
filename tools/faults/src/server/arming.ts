import type { Failpoint } from '@tertulia/server'

/** The moments of a write at which a server is killed, in the order in which they come. */
export const killPoints = [
  'before-commit',
  'after-commit',
  'after-answer',
  'after-announce',
] as const
export type KillPoint = (typeof killPoints)[number] & Failpoint

/** Told to a running server: die when this point is reached for the `hit`-th time from now. */
export interface Arming {
  readonly type: 'arm'
  readonly point: KillPoint
  readonly hit: number
}

export function isArming(message: unknown): message is Arming {
  return (message as { readonly type?: unknown } | null)?.type === 'arm'
}
