import { describe, expect, test } from 'vitest'
import { inEpoch, type StreamState, standingOf } from './streams.ts'

const stream = (state: Partial<StreamState> = {}): StreamState => ({
  id: '1',
  owner: 'channel',
  epoch: 1,
  seq: 100,
  floor: 0,
  marks: [],
  ...state,
})

describe('where a client stands', () => {
  test.each([
    ['at the head', stream(), { epoch: 1, seq: 100 }, 'same'],
    ['below the head', stream(), { epoch: 1, seq: 40 }, 'delta'],
    ['beyond the head, where nothing ever was', stream(), { epoch: 1, seq: 101 }, 'unknown'],
    ['below the floor', stream({ floor: 50 }), { epoch: 1, seq: 49 }, 'floor'],
    ['in an epoch that is still to come', stream(), { epoch: 2, seq: 40 }, 'epoch'],
    [
      'on the prefix shared with the epoch before',
      stream({ epoch: 2, marks: [[2, 60]] }),
      { epoch: 1, seq: 60 },
      'delta',
    ],
    [
      'past the prefix shared with the epoch before',
      stream({ epoch: 2, marks: [[2, 60]] }),
      { epoch: 1, seq: 61 },
      'epoch',
    ],
    [
      'on the prefix of one epoch but not of a later one',
      stream({
        epoch: 3,
        marks: [
          [2, 60],
          [3, 30],
        ],
      }),
      { epoch: 1, seq: 40 },
      'epoch',
    ],
    [
      'between two epochs',
      stream({
        epoch: 3,
        marks: [
          [2, 60],
          [3, 90],
        ],
      }),
      { epoch: 2, seq: 80 },
      'delta',
    ],
    [
      'of an epoch before this one, whose marks are lost',
      stream({ epoch: 2 }),
      { epoch: 1, seq: 1 },
      'epoch',
    ],
    [
      'of an imported channel',
      stream({ epoch: 2, marks: [[2, 0]] }),
      { epoch: 1, seq: 1 },
      'epoch',
    ],
  ] as const)('%s', (_, state, cursor, expected) => {
    expect(standingOf(state, cursor)).toBe(expected)
  })

  test('in an epoch older than all kept marks is not trusted', () => {
    const marks = Array.from({ length: 8 }, (_, i) => [i + 5, 90] as const)
    expect(standingOf(stream({ epoch: 12, marks }), { epoch: 3, seq: 10 })).toBe('epoch')
    expect(standingOf(stream({ epoch: 12, marks }), { epoch: 5, seq: 10 })).toBe('delta')
  })

  test('of a stream not yet written in this epoch is judged by its head', () => {
    const state = inEpoch(stream({ epoch: 1, seq: 100 }), 2)
    expect(standingOf(state, { epoch: 1, seq: 100 })).toBe('same')
    expect(standingOf(state, { epoch: 1, seq: 101 })).toBe('epoch')
  })
})
