const LONG_MS = 2 ** 30

/** Keeps the process from ending for want of work until the returned function is called. */
export function keepAlive(): () => void {
  const timer = setInterval(() => {}, LONG_MS)
  return () => clearInterval(timer)
}
