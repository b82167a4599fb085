/** One number that an operator watches. */
export interface Metric {
  /** Lower case with underscores, without the prefix: `connections`, `unsent_bytes`. */
  readonly name: string
  readonly kind: 'gauge' | 'counter'
  readonly help: string
  readonly value: number
}

/** The text format that Prometheus and its relatives read. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, kind, help, value }) => {
      const full = `tertulia_${name}`
      return `# HELP ${full} ${help.replaceAll('\\', '\\\\').replaceAll('\n', ' ')}\n# TYPE ${full} ${kind}\n${full} ${value}\n`
    })
    .join('')
}
