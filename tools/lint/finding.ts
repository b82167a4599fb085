import type { Tree } from './tree.ts'

/** What a check has to say about one line. Every message ends with the way out. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly rule: string
  /** Relative to the repository, with forward slashes. */
  readonly file: string
  readonly line: number
  readonly message: string
}

/** A check of the house: what it finds in the whole repository. */
export type Check = (tree: Tree) => readonly Finding[]

/** In the form that editors and terminals turn into a link. */
export const describe = ({ level, rule, file, line, message }: Finding): string =>
  `${file}:${line}  ${level === 'warning' ? 'warning, ' : ''}${rule}: ${message}`
