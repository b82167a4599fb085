/**
 * Which steps to run, from the words after `npm test --`. With one step only, the words that
 * follow go to its program: `npm test -- --only vitest packages/server`.
 * @param {readonly import('./steps.js').Step[]} steps
 * @param {readonly string[]} words
 * @returns {readonly import('./steps.js').Step[]}
 */
export function choose(steps, words) {
  if (words.length === 0) return steps
  const [option, list, ...extra] = words
  const names = (list ?? '').split(',')
  const chosen = steps.filter(({ name }) => names.includes(name))
  const misunderstood = option !== '--only' || chosen.length < names.length
  if (misunderstood || (extra.length > 0 && chosen.length > 1)) throw usage(steps, words)
  return chosen.map((step) => ({ ...step, args: (places) => [...step.args(places), ...extra] }))
}

/**
 * @param {readonly import('./steps.js').Step[]} steps
 * @param {readonly string[]} words
 */
const usage = (steps, words) =>
  new Error(
    `"${words.join(' ')}" was not understood, so nothing was run. ` +
      'Write npm test, or npm test -- --only <names with commas>, or one name and words for it. ' +
      `The names: ${steps.map(({ name }) => name).join(', ')}.`,
  )
