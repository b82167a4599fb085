/** Until no promise of the server has anything left to do: the store works without waiting, so this is no time. */
export const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
