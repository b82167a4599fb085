import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely'
import { Placeholder, PostgresCompiler, SqliteCompiler } from './compilers.ts'
import type { Changes, Dialect, Snapshot, Value } from './engine.ts'
import type { Schema } from './schema.ts'
import { type Written, writtenBy } from './written.ts'

/** SQL text with its parameters as slots: built once, prepared once by the engine, run many times. */
export interface Compiled {
  readonly sql: string
  /** The name of the parameter at each slot. */
  readonly slots: readonly string[]
  /** Null, or absent, for a statement that only reads, or that nobody knows. */
  readonly written?: Written | null
}

const builders: Record<Dialect, Kysely<Schema>> = {
  sqlite: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteCompiler(),
    },
  }),
  postgres: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresCompiler(),
    },
  }),
}

export type Parameters = Readonly<Record<string, Value>>

/** A query with named parameters, written once for both engines. */
export interface Statement<P extends Parameters, Row> {
  all(db: Snapshot, parameters: P): Promise<Row[]>
  first(db: Snapshot, parameters: P): Promise<Row | undefined>
  run(db: Changes, parameters: P): Promise<number>
  /** For inserts and updates whose count nobody needs. */
  put(db: Changes, parameters: P): void
}

type RowOf<Query> = Query extends Compilable<infer Row> ? Row : never

/**
 * Declares a statement. `build` is called once per engine with placeholders instead of values, so it must not look
 * at them: the shape of the SQL may depend on nothing but the engine.
 */
export function statement<P extends Parameters>() {
  return <Query extends Compilable<unknown>>(
    build: (db: Kysely<Schema>, parameters: P, dialect: Dialect) => Query,
  ): Statement<P, RowOf<Query>> => {
    const compiled = new Map<Dialect, Compiled>()
    const of = (db: Snapshot): Compiled => {
      const dialect = dialectOf(db)
      const known = compiled.get(dialect)
      if (known) return known
      const made = compile(build, dialect)
      compiled.set(dialect, made)
      return made
    }
    const all = (db: Snapshot, parameters: P) => {
      const query = of(db)
      return db.all<RowOf<Query>>(query, valuesOf(query, parameters))
    }
    return {
      all,
      first: async (db, parameters) => (await all(db, parameters))[0],
      run: (db, parameters) => {
        const query = of(db)
        return db.run(query, valuesOf(query, parameters))
      },
      put: (db, parameters) => {
        const query = of(db)
        db.put(query, valuesOf(query, parameters))
      },
    }
  }
}

/** Every snapshot knows its engine; kept out of the interface that features see. */
export const DIALECT = Symbol('dialect')
export const dialectOf = (db: Snapshot): Dialect =>
  (db as Snapshot & { [DIALECT]: Dialect })[DIALECT]

function compile<P extends Parameters>(
  build: (db: Kysely<Schema>, parameters: P, dialect: Dialect) => Compilable<unknown>,
  dialect: Dialect,
): Compiled {
  const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) }) as P
  const { sql, parameters, query } = build(builders[dialect], placeholders, dialect).compile()
  return { sql, slots: parameters.map(nameOf), written: writtenBy(query) }
}

function nameOf(parameter: unknown): string {
  if (parameter instanceof Placeholder) return parameter.name
  throw new TypeError('A value of a statement went past the compiler.')
}

function valuesOf(query: Compiled, parameters: Parameters): Value[] {
  return query.slots.map((name) => {
    const value = parameters[name]
    if (value === undefined) throw new Error(`The statement needs the parameter ${name}.`)
    return value
  })
}
