import { stripTypeScriptTypes } from 'node:module'
import { type Program, parse } from 'acorn'
import { type Import, importsOf, typeImportsOf } from './imports.ts'

/** A source file, read once for all checks. */
export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  /** The program without its types; positions are those of the file. */
  readonly program: Program
  readonly imports: readonly Import[]
  /** The line, from 1, of a position. */
  lineOf(position: number): number
}

/** Throws a SyntaxError where the text is no erasable TypeScript. */
export function readSource(path: string, text: string): Source {
  const script = path.endsWith('.ts') ? stripTypeScriptTypes(text) : text
  const program = parse(script, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
  })
  return {
    path,
    text,
    program,
    imports: [...importsOf(program), ...typeImportsOf(text, script)],
    lineOf: (position) => text.slice(0, position).split('\n').length,
  }
}

/** Tests, the suites and the fixtures that they share: they may hold what the sources must not. */
export const isTest = (path: string): boolean => /\.(test|suite)\.ts$|\/src\/fixtures\//.test(path)
