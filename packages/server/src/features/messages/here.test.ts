import type { Mention } from '@tertulia/protocol'
import { expect, test } from 'vitest'
import type { Settings } from '../../kernel/handlers.ts'
import { hereFor } from './here.ts'

const SPAN = { start: 0, length: 1 }
const here: Mention = { kind: 'here', ...SPAN }
const channel: Mention = { kind: 'channel', ...SPAN }

function open(people: number) {
  const asked: string[] = []
  const settings = {
    limits: { hereMentions: 3 },
    hereIn: (channelId: string) => {
      asked.push(channelId)
      return Array.from({ length: people }, (_, at) => String(at))
    },
  } as unknown as Settings
  return { asked, place: { channelId: '7', settings } }
}

test('nobody is looked for without such a mention', () => {
  const { asked, place } = open(9)
  expect(hereFor([channel], place)).toEqual([])
  expect(hereFor([], place)).toEqual([])
  expect(asked).toEqual([])
})

test('so many who are there are called, and one more is refused', () => {
  expect(hereFor([channel, here, here], open(3).place)).toEqual(['0', '1', '2'])
  expect(() => hereFor([here], open(4).place)).toThrow(
    expect.objectContaining({ code: 'message.here_limit', details: { limit: 3 } }),
  )
})
