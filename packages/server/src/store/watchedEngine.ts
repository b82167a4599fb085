import { type Engine, StoreBrokenError } from './engine.ts'

/** The same engine, which tells once when it broke: whoever used it then, an operation, a chore or a look at its health. */
export function watchEngine(engine: Engine, broken: (error: StoreBrokenError) => void): Engine {
  let told = false
  const tell = (error: unknown): never => {
    if (error instanceof StoreBrokenError && !told) {
      told = true
      broken(error)
    }
    throw error
  }
  return {
    ...engine,
    read: (job) => engine.read(job).catch(tell),
    write: (job) => engine.write(job).catch(tell),
  }
}
