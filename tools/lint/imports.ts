import { type AnyNode, type Program, tokenizer, tokTypes } from 'acorn'
import { nodesBelow } from './nodes.ts'

export interface Import {
  readonly specifier: string
  /** The imported names; `*` for all of a module, none for its effects alone. */
  readonly names: readonly string[]
  readonly position: number
  /** Erased before the program runs. */
  readonly typeOnly: boolean
}

/** What the running program imports, re-exports or loads later. */
export function importsOf(program: Program): Import[] {
  return [...nodesBelow(program)].flatMap((node) => {
    const from = originOf(node)
    if (from?.type !== 'Literal' || typeof from.value !== 'string') return []
    return [{ specifier: from.value, names: namesOf(node), position: node.start, typeOnly: false }]
  })
}

function originOf(node: AnyNode): AnyNode | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node.source
    case 'ExportNamedDeclaration':
      return node.source ?? null
    default:
      return null
  }
}

function namesOf(node: AnyNode): string[] {
  if (node.type !== 'ImportDeclaration') return ['*']
  return node.specifiers.map((specifier) => {
    if (specifier.type === 'ImportNamespaceSpecifier') return '*'
    if (specifier.type === 'ImportDefaultSpecifier') return 'default'
    const { imported } = specifier
    return imported.type === 'Identifier' ? imported.name : String(imported.value)
  })
}

/**
 * What only the types import. Erasing leaves blanks of the same length, so everything that is in
 * the text and no longer in the script was a type; the tokens there tell the module.
 */
export function typeImportsOf(text: string, script: string): Import[] {
  return [...erasedFrom(text, script).matchAll(/\b(?:import|export)\b/g)].flatMap(({ index }) => {
    const specifier = specifierAt(text, index)
    if (specifier === null) return []
    return [{ specifier, names: ['*'], position: index, typeOnly: true }]
  })
}

/** The text with everything blanked that is still in the script. */
function erasedFrom(text: string, script: string): string {
  return text
    .split('')
    .map((unit, i) => (unit === script[i] ? ' ' : unit))
    .join('')
}

/** The module of `import type … from 'm'`, `export type … from 'm'` or `import('m').T`. */
function specifierAt(text: string, position: number): string | null {
  const rest = text.slice(position)
  let last = ''
  try {
    for (const { type, start, end } of tokenizer(rest, { ecmaVersion: 'latest' })) {
      const word = rest.slice(start, end)
      if (type === tokTypes.string)
        return last === 'from' || last === '(' ? word.slice(1, -1) : null
      if (type === tokTypes.eq || type === tokTypes.semi) return null
      last = word
    }
  } catch {
    // Types hold what is no JavaScript token; an import ends before it.
  }
  return null
}
