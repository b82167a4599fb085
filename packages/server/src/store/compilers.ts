import { type LimitNode, PostgresQueryCompiler, SqliteQueryCompiler } from 'kysely'

/** Stands for a value that is given when the statement runs. */
export class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * What a query says itself is written into its text, so that only parameters are bound. Engines plan by what they
 * can read: a partial index is chosen by a literal, and not by a value that comes later.
 */
export class SqliteCompiler extends SqliteQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Placeholder) super.appendValue(value)
    else this.appendImmediateValue(value)
  }

  /**
   * SQLite looks at a bound limit to plan by it, and so plans a prepared statement anew each time that it runs: ten
   * microseconds and more. It does not look behind the sign.
   */
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +')
    this.visitNode(node.limit)
  }
}

export class PostgresCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Placeholder) super.appendValue(value)
    else this.appendImmediateValue(value)
  }
}
