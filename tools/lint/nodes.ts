import type { AnyNode } from 'acorn'

/** The node and everything below it, in the order of the text. */
export function* nodesBelow(node: AnyNode): Generator<AnyNode> {
  yield node
  for (const child of childrenOf(node)) yield* nodesBelow(child)
}

export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode)
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value

/** `a.b.c` as text; null for anything that is not names joined by dots. */
export function dottedName(node: AnyNode): string | null {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression' || node.computed) return null
  const left = dottedName(node.object)
  const { property } = node
  return left !== null && property.type === 'Identifier' ? `${left}.${property.name}` : null
}
