/** Asked of a running server: how much does it hold once what nobody needs is collected? */
export const heldQuestion = { type: 'held' } as const

export const isHeldQuestion = (message: unknown): boolean =>
  (message as { readonly type?: unknown } | null)?.type === heldQuestion.type

/** Buffers count: whatever waits to be written to a socket is in one. */
export function heldBytes(): number {
  if (!globalThis.gc) throw new Error('Without --expose-gc nobody can tell garbage from need.')
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
