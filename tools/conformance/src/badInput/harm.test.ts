import { expect, test } from 'vitest'
import { Ears } from '../ears.ts'
import { expectDiscreet } from './harm.ts'
import type { World } from './world.ts'

const world = { markers: ['a secret word'] } as unknown as World

function hears(text: string): () => void {
  const ears = new Ears()
  ears.note('an answer', text)
  return () => expectDiscreet(world, ears)
}

test.each([
  'x-request-id: evil',
  '{"requestId":"r_9RVxievilPe2zYzX-and-more"}',
  '{"message":"evil is no name"}',
  '{"message":"a secret word"}',
  '{"message":"SELECT 1"}',
])('finds an answer that tells too much: %s', (text) => {
  expect(hears(text)).toThrow('The answer tells too much')
})

test('what the server made up at random is no echo', () => {
  expect(hears('{"requestId":"r_9RVxievilPe2zYzX","connection":"c_evil5678_-ab"}')).not.toThrow()
})
