import type { AnyNode } from 'acorn'
import type { Check, Finding } from '../finding.ts'
import { childrenOf, dottedName } from '../nodes.ts'
import { isTest, type Source } from '../source.ts'

/** Where time, chance and timers come from; everybody else is handed them. */
const MAY_TICK = [/^packages\/server\/src\/adapters\//, /\/main\.ts$/, /^(apps|tools|examples)\//]
const MAY_READ_SETTINGS = [/^packages\/server\/src\/main\.ts$/, /^apps\/cli\/src\//, /^tools\//]

const AMBIENT = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'AbortSignal.timeout',
  'crypto.randomUUID',
  'crypto.randomBytes',
  'crypto.randomInt',
  'crypto.getRandomValues',
  'webcrypto.randomUUID',
  'webcrypto.getRandomValues',
])

const SETTINGS = new Set(['process.env'])

/** Modules, and the names in them that are as ambient as the globals (`*`: all of them). */
const AMBIENT_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  timers: ['*'],
  'timers/promises': ['*'],
  perf_hooks: ['performance'],
  crypto: ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'getRandomValues'],
}

/** Clock, chance, timers and settings are injected: that is what makes a run repeatable. */
export const clock: Check = (tree) =>
  tree.sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) => {
      const mayTick = MAY_TICK.some((place) => place.test(source.path))
      const maySet = MAY_READ_SETTINGS.some((place) => place.test(source.path))
      return [
        ...(mayTick ? [] : [...globalsUsed(source), ...importsUsed(source)]),
        ...(maySet ? [] : settingsRead(source)),
      ]
    })

const globalsUsed = (source: Source) =>
  [...usesBelow(source.program)]
    .filter(({ name }) => AMBIENT.has(name))
    .map(({ node, name }) => ambient(source, node.start, name))

const importsUsed = (source: Source) =>
  source.imports
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ specifier, names, position }) => {
      const forbidden = AMBIENT_IMPORTS[specifier.replace(/^node:/, '')] ?? []
      const taken = names.filter((name) => forbidden.includes('*') || forbidden.includes(name))
      return taken.map((name) => ambient(source, position, `${name} of ${specifier}`))
    })

const settingsRead = (source: Source) =>
  [...usesBelow(source.program)]
    .filter(({ name }) => SETTINGS.has(name))
    .map(({ node }) => finding(source, node.start, SETTINGS_MESSAGE))

interface Use {
  readonly node: AnyNode
  readonly name: string
}

/** Dotted names as they are used: not keys of objects, not members of something else. */
function* usesBelow(node: AnyNode): Generator<Use> {
  const name = usedName(node)
  if (name !== null) yield { node, name: name.replace(/^globalThis\./, '') }
  for (const child of childrenOf(node)) if (!isMerelyNamed(node, child)) yield* usesBelow(child)
}

function usedName(node: AnyNode): string | null {
  const asksForNow = node.type === 'NewExpression' && node.arguments.length === 0
  if (asksForNow && dottedName(node.callee) === 'Date') return 'Date.now'
  return dottedName(node)
}

function isMerelyNamed(parent: AnyNode, child: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return child === parent.property && !parent.computed
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return child === parent.key && !parent.computed
    case 'ImportSpecifier':
      return true
    default:
      return false
  }
}

const SETTINGS_MESSAGE =
  'process.env is read in one place only, packages/server/src/main.ts (and the command line): ' +
  'a setting read elsewhere is neither listed nor checked. Take it as an option.'

const ambient = (source: Source, position: number, name: string) =>
  finding(
    source,
    position,
    `${name} makes a run that cannot be repeated. Take the injected clock, timers or ids; ` +
      'only packages/server/src/adapters and main.ts touch the real ones.',
  )

const finding = (source: Source, position: number, message: string): Finding => ({
  level: 'error',
  rule: 'clock',
  file: source.path,
  line: source.lineOf(position),
  message,
})
