import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check, Finding } from '../finding.ts'
import type { Tree } from '../tree.ts'

const DOCUMENT = /^(docs\/guides\/[^/]+|README|ARCHITECTURE|CONTRIBUTING)\.md$/
/** In backticks and below one of our folders, or a document of the root. */
const OURS = /^(?:(?:packages|apps|tools|examples|docs|\.ci|\.changeset)\/|[A-Z_]+\.md$)/

/** A guide that names a file that is gone sends its reader nowhere. */
export const docs: Check = (tree) =>
  [...tree.files].filter((file) => DOCUMENT.test(file)).flatMap((file) => deadPaths(tree, file))

function deadPaths(tree: Tree, file: string): Finding[] {
  const lines = readFileSync(join(tree.root, file), 'utf8').split('\n')
  return lines.flatMap((text, index) =>
    [...text.matchAll(/`([^`\s]+)`/g)]
      .map(([, path = '']) => knownPart(path))
      .filter((path) => OURS.test(path) && !exists(tree, path))
      .map((path) => finding(file, index + 1, path)),
  )
}

/** The part before a placeholder (`<name>`, `*`, `{a,b}`, `…`), a line number or an anchor. */
function knownPart(path: string): string {
  const [plain = ''] = path.split(/[:#]/, 1)
  const placeholder = plain.search(/[<*{…]|\.\.\./)
  return placeholder < 0 ? plain : plain.slice(0, plain.lastIndexOf('/', placeholder) + 1)
}

function exists(tree: Tree, path: string): boolean {
  if (tree.files.has(path)) return true
  const folder = path.endsWith('/') ? path : `${path}/`
  return [...tree.files].some((file) => file.startsWith(folder))
}

const finding = (file: string, line: number, path: string): Finding => ({
  level: 'error',
  rule: 'docs',
  file,
  line,
  message: `\`${path}\` does not exist. Name the file where it lives now, or take the sentence out.`,
})
