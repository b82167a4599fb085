import type { AnyNode, CallExpression } from 'acorn'
import type { Check, Finding } from '../finding.ts'
import { childrenOf } from '../nodes.ts'
import { isTest, type Source } from '../source.ts'

/** Calls that run the function they are given inside a transaction. */
const OPENERS = new Set(['write', 'transaction', 'submit'])
/** What has this name is an open transaction. */
const TRANSACTION = 'tx'

type Names = ReadonlySet<string>
type AnyFunction = Extract<AnyNode, { params: unknown }>

/**
 * Nothing but store work is awaited inside a transaction: every other write of the store waits
 * until it ends, and on SQLite a foreign wait lets strangers in between.
 */
export const transactions: Check = (tree) =>
  tree.sources
    .filter(({ path }) => /^(packages|apps)\//.test(path) && !isTest(path))
    .flatMap((source) =>
      [...foreignAwaits(source.program, new Set())].map((node) => finding(source, node.start)),
    )

/** Walks down with the names of the transactions that are open at this place. */
function* foreignAwaits(node: AnyNode, open: Names): Generator<AnyNode> {
  const here = new Set([...open, ...namesFrom(node, open)])
  const awaited = awaitedBy(node)
  if (here.size > 0 && awaited !== null && !isStoreWork(awaited, here)) yield node
  for (const child of childrenOf(node)) {
    const literal = node.type === 'CallExpression' && isFunction(child) ? child : null
    const opens = literal !== null && OPENERS.has(calledName(node as CallExpression))
    yield* foreignAwaits(child, opens ? new Set([...here, ...nameGivenTo(literal)]) : here)
  }
}

function awaitedBy(node: AnyNode): AnyNode | null {
  if (node.type === 'AwaitExpression') return node.argument
  return node.type === 'ForOfStatement' && node.await ? node.right : null
}

/** The transactions that begin to have a name with this node. */
function namesFrom(node: AnyNode, open: Names): string[] {
  if (isFunction(node)) return node.params.some(binds) ? [TRANSACTION] : []
  if (node.type !== 'BlockStatement') return []
  const names = new Set(open)
  for (const statement of node.body) {
    const declared = statement.type === 'VariableDeclaration' ? statement.declarations : []
    for (const { id, init } of declared) {
      if (id.type === 'ObjectPattern' && binds(id)) names.add(TRANSACTION)
      // `const roster = { tx, channel }` goes on as the transaction that it holds.
      if (id.type === 'Identifier' && init && holdsTransaction(init, names)) names.add(id.name)
    }
  }
  return [...names]
}

const isFunction = (node: AnyNode): node is AnyFunction => 'params' in node

/** Also in `({ input, tx })` and `(tx = …)`. */
function binds(pattern: AnyNode): boolean {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === TRANSACTION
    case 'ObjectPattern':
      return pattern.properties.some((property) =>
        binds(property.type === 'Property' ? property.value : property.argument),
      )
    case 'AssignmentPattern':
      return binds(pattern.left)
    default:
      return false
  }
}

/** `write(async (changes) => …)`: here the transaction has a name of its own. */
function nameGivenTo({ params }: AnyFunction): string[] {
  const [first] = params
  return first?.type === 'Identifier' ? [TRANSACTION, first.name] : [TRANSACTION]
}

function calledName({ callee }: CallExpression): string {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return ''
  return callee.property.name
}

function isStoreWork(node: AnyNode, open: Names): boolean {
  switch (node.type) {
    case 'ConditionalExpression':
      return isStoreWork(node.consequent, open) && isStoreWork(node.alternate, open)
    case 'LogicalExpression':
      return isStoreWork(node.right, open)
    case 'ChainExpression':
      return isStoreWork(node.expression, open)
    case 'CallExpression':
      return isAllOf(node) ? allAreStoreWork(node, open) : isGivenTransaction(node, open)
    default:
      return false
  }
}

/** Somewhere along `a(…).b(…)` stands the transaction: as an argument, or as the first word. */
function isGivenTransaction(node: AnyNode, open: Names): boolean {
  if (isTransaction(node, open)) return true
  if (node.type === 'MemberExpression') return isGivenTransaction(node.object, open)
  if (node.type !== 'CallExpression') return false
  return (
    node.arguments.some((argument) => holdsTransaction(argument, open)) ||
    (node.callee.type === 'MemberExpression' && isGivenTransaction(node.callee.object, open))
  )
}

/** `tx`, or `work.tx`. */
function isTransaction(node: AnyNode, open: Names): boolean {
  if (node.type === 'Identifier') return open.has(node.name)
  return node.type === 'MemberExpression' && !node.computed && isNamed(node.property)
}

const isNamed = (node: AnyNode) => node.type === 'Identifier' && node.name === TRANSACTION

/** The transaction itself, or an object with it: `{ tx, channelId }`. */
function holdsTransaction(node: AnyNode, open: Names): boolean {
  if (node.type !== 'ObjectExpression') return isTransaction(node, open)
  return node.properties.some(
    (property) => property.type === 'Property' && isTransaction(property.value, open),
  )
}

/** `Promise.all` and its kin, which are as foreign as what they wait for. */
function isAllOf({ callee }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false
  return callee.object.name === 'Promise'
}

const allAreStoreWork = ({ arguments: [list] }: CallExpression, open: Names): boolean =>
  list !== undefined && isListOfStoreWork(list, open)

function isListOfStoreWork(list: AnyNode, open: Names): boolean {
  if (list.type === 'SpreadElement') return isListOfStoreWork(list.argument, open)
  if (list.type === 'ArrayExpression')
    return list.elements.every(
      (element) =>
        element !== null &&
        (element.type === 'SpreadElement'
          ? isListOfStoreWork(element, open)
          : isStoreWork(element, open)),
    )
  // `list.map((item) => store.put(tx, item))`: awaits inside a longer body are looked at by themselves.
  const [each] = list.type === 'CallExpression' ? list.arguments : []
  if (each?.type !== 'ArrowFunctionExpression') return false
  return each.expression ? isStoreWork(each.body, open) : each.async
}

const finding = (source: Source, position: number): Finding => ({
  level: 'error',
  rule: 'transactions',
  file: source.path,
  line: source.lineOf(position),
  message:
    'an open transaction waits here for something that is not given the transaction, and all ' +
    'other writes wait with it. Do the foreign work before the transaction or put it in the ' +
    'outbox; if this is store work, hand it tx.',
})
