import { checkHistory } from '../history/check.ts'
import type { Evidence } from '../history/record.ts'
import { MALLORY } from '../scene/cast.ts'
import { heal } from '../scene/healing.ts'
import type { Scene } from '../scene/scene.ts'
import { checkReady, sentenceOf, unless } from './report.ts'

/** Heals the scene and judges it: the invariants, the restarts, and that mallory heard nothing. */
export async function judge(scene: Scene) {
  const { evidence, healed, healMs } = await heal(scene)
  const { readyMs } = scene.supervisor
  const { refused, open } = unhappyEnds(evidence)
  const violations = [
    ...checkHistory(evidence).map(sentenceOf),
    ...checkReady(readyMs),
    ...unless(
      refused.length === 0,
      `${refused.length} sends were refused for good, the first one with ${refused[0]}`,
    ),
    ...unless(open === 0, `${open} sends got no answer at all`),
    ...unless(healed, 'I5 somebody did not catch up within 10 s'),
    ...unless(scene.heardByMallory() === 0, 'mallory, who is no member, heard what was said'),
  ]
  const figures = {
    ...countsOf(evidence),
    readyMs: Math.round(Math.max(...readyMs)),
    healMs: Math.round(healMs),
  }
  return { evidence, violations, figures }
}

function countsOf({ attempts, listings }: Evidence) {
  const ended = (kind: 'ok' | 'fail' | 'unknown') =>
    attempts.filter(({ outcome }) => outcome.kind === kind).length
  return {
    wishes: new Set(attempts.map(({ send }) => send.clientId)).size,
    acknowledged: ended('ok'),
    refused: ended('fail'),
    unknown: ended('unknown'),
    duplicates: attempts.filter(({ outcome }) => outcome.kind === 'ok' && outcome.duplicate).length,
    heard: listings
      .filter(({ source }) => source === 'live')
      .reduce((sum, { messages }) => sum + messages.length, 0),
  }
}

/** Codes that members got, and how many wishes ended without an answer for good. */
function unhappyEnds({ attempts }: Evidence) {
  const ended = new Set(
    attempts.flatMap(({ send, outcome }) => (outcome.kind === 'unknown' ? [] : [send.clientId])),
  )
  const begun = new Set(attempts.map(({ send }) => send.clientId))
  const refused = attempts.flatMap(({ send, outcome }) =>
    outcome.kind === 'fail' && send.client !== MALLORY ? [outcome.code] : [],
  )
  return { refused, open: begun.size - ended.size }
}
