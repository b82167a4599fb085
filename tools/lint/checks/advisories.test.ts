import { expect, test } from 'vitest'
import { judge } from './advisories.ts'

test('a registry that offers no audit is no answer, and neither is silence', () => {
  const refused = JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405 })
  expect(judge(refused)).toEqual({ kind: 'unanswered', reason: '405 Method Not Allowed' })
  expect(judge('').kind).toBe('unanswered')
})

test('a known weakness is an error with its way out', () => {
  const vulnerabilities = { old: { severity: 'high', range: '<2' } }
  const result = judge(JSON.stringify({ auditReportVersion: 2, vulnerabilities }))
  expect(result).toMatchObject({
    kind: 'answered',
    findings: [
      { level: 'error', message: expect.stringContaining('old has a published weakness') },
    ],
  })
})

test('no weakness, no finding', () => {
  expect(judge(JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} }))).toEqual({
    kind: 'answered',
    findings: [],
  })
})
