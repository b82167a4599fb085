import type { Check, Finding } from '../finding.ts'
import { resolveRelative } from '../tree.ts'

interface Edge {
  readonly to: string
  readonly line: number
}

/**
 * Files that import each other in a ring, as the program runs: which of them is ready first then
 * depends on who is imported first. Rings of types alone are erased and do no harm.
 */
export const cycles: Check = (tree) => {
  const edges = new Map<string, readonly Edge[]>()
  for (const { path, imports, lineOf } of tree.sources) {
    const local = imports.filter(
      ({ typeOnly, specifier }) => !typeOnly && specifier.startsWith('.'),
    )
    edges.set(
      path,
      local.map((imported) => ({
        to: resolveRelative(path, imported.specifier),
        line: lineOf(imported.position),
      })),
    )
  }
  return ringsIn(edges)
}

/** Depth first: an edge back to a file that is still open closes a ring. */
function ringsIn(edges: ReadonlyMap<string, readonly Edge[]>): Finding[] {
  const found: Finding[] = []
  const closed = new Set<string>()
  const open: string[] = []
  const visit = (path: string) => {
    open.push(path)
    for (const { to, line } of edges.get(path) ?? []) {
      const start = open.indexOf(to)
      if (start >= 0) found.push(ring([...open.slice(start), to], path, line))
      else if (!closed.has(to)) visit(to)
    }
    open.pop()
    closed.add(path)
  }
  for (const path of edges.keys()) if (!closed.has(path)) visit(path)
  return found
}

const ring = (files: readonly string[], file: string, line: number): Finding => ({
  level: 'error',
  rule: 'cycles',
  file,
  line,
  message:
    `closes a ring of imports: ${files.join(' -> ')}. ` +
    'Move what both ends need into a file of its own, or hand it in as an argument.',
})
