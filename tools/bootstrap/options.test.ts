import { expect, test } from 'vitest'
import { choose } from './options.js'

const steps = ['types', 'lint', 'vitest'].map((name) => ({ name, args: () => [name] }))
const places = { temp: '', results: '' }
const chosen = (...words: string[]) => choose(steps, words).map((step) => step.args(places))

test('without words everything runs, with --only what is named, in the usual order', () => {
  expect(chosen()).toEqual([['types'], ['lint'], ['vitest']])
  expect(chosen('--only', 'vitest,types')).toEqual([['types'], ['vitest']])
})

test('a single step takes words of its own', () => {
  expect(chosen('--only', 'vitest', 'packages/server')).toEqual([['vitest', 'packages/server']])
})

test.for([['vitest'], ['--only'], ['--only', 'types,typos'], ['--only', 'types,lint', 'more']])(
  '%s is refused with the list of names',
  (words) => {
    expect(() => chosen(...words)).toThrow('The names: types, lint, vitest.')
  },
)
