/** Reads one number of `/metrics`, which a server without a token shows to its own machine. */
export async function readMetric(port: number, name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const text = await response.text()
  const value = new RegExp(`^tertulia_${name} ([\\d.]+)$`, 'm').exec(text)?.[1]
  if (value === undefined)
    throw new Error(
      `There is no metric ${name}, so nothing can be said about it. /metrics answered ${response.status}.`,
    )
  return Number(value)
}
