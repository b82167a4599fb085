import { User } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { readFrame } from './doors/frames.ts'
import { strictly } from './strictly.ts'

const alice = {
  id: 'alice',
  name: 'Alice',
  avatar: null,
  custom: { a: [1, { b: null }] },
  createdAt: 1,
  updatedAt: 1,
  deactivatedAt: null,
}

describe('this suite takes an answer to the letter', () => {
  test('what fits passes as it is', () => {
    expect(strictly(User, alice, 'A user')).toEqual(alice)
  })

  test('a field too many is a fault, however deep it lies', () => {
    expect(() => strictly(User, { ...alice, privateCustom: {} }, 'A user')).toThrow('says more')
    const frame = {
      type: 'response',
      id: 1,
      error: { code: 'forbidden', message: 'x', requestId: 'r' },
    }
    expect(readFrame(JSON.stringify(frame))).toEqual(frame)
    expect(() => readFrame(JSON.stringify({ ...frame, data: {} }))).toThrow('says more')
    expect(() =>
      readFrame(JSON.stringify({ ...frame, error: { ...frame.error, stack: 'at …' } })),
    ).toThrow('says more')
  })

  test('a field too few, a wrong value and an unknown frame are faults', () => {
    const { name, ...nameless } = alice
    expect(() => strictly(User, nameless, `A user without ${name}`)).toThrow('does not fit')
    expect(() => readFrame('{"type":"surprise"}')).toThrow('does not know')
    expect(() =>
      readFrame(
        '{"type":"event","channel":"@me","epoch":1,"prev":3,"seq":3,"at":1,"name":"user.updated","by":null,"data":{}}',
      ),
    ).toThrow('SEQ-6')
  })
})
