import { spawnSync } from 'node:child_process'
import type { Finding } from '../finding.ts'

/** Whether there was an answer at all: a registry may offer none, and machines may be offline. */
export type Advisories =
  | { readonly kind: 'answered'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unanswered'; readonly reason: string }

/** Known weaknesses in what we publish, as the registry tells them. */
export function advisories(root: string): Advisories {
  const args = ['audit', '--omit=dev', '--json', '--workspaces', '--include-workspace-root']
  const audit = spawnSync('npm', args, { cwd: root, encoding: 'utf8', timeout: 60_000 })
  return judge(audit.stdout ?? '')
}

interface Answer {
  readonly auditReportVersion?: number
  readonly message?: string
  readonly vulnerabilities?: Readonly<Record<string, { severity: string; range: string }>>
}

/** What `npm audit --json` printed. */
export function judge(printed: string): Advisories {
  const answer = parse(printed)
  if (answer?.auditReportVersion === undefined)
    return { kind: 'unanswered', reason: answer?.message ?? 'npm audit gave no answer' }
  const findings = Object.entries(answer.vulnerabilities ?? {}).map(([name, { severity, range }]) =>
    finding(name, `${severity}, versions ${range}`),
  )
  return { kind: 'answered', findings }
}

function parse(text: string): Answer | null {
  try {
    return JSON.parse(text) as Answer
  } catch {
    return null
  }
}

const finding = (name: string, what: string): Finding => ({
  level: 'error',
  rule: 'advisories',
  file: 'package-lock.json',
  line: 1,
  message:
    `${name} has a published weakness (${what}). Update it (npm audit fix), or replace it, ` +
    'or pin a mended version under "overrides" in package.json.',
})
