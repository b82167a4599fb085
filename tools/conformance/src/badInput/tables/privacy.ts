import type { Caller, CallRow, Outcome } from '../rows.ts'

type Op = 'privacy.get' | 'privacy.update'

const row = (op: Op, name: string, input: object, by?: Caller, expect?: Outcome): CallRow => ({
  name,
  op,
  input: () => ({ ...input }),
  expect: expect ?? 'bad_request',
  ...(by ? { by } : {}),
})

const NO_CHOICE: readonly unknown[] = ['true', 1, 0, null, [true], { typing: true }]

export const privacy: readonly CallRow[] = [
  ...(['typing', 'receipts'] as const).flatMap((name) =>
    NO_CHOICE.map((choice) =>
      row('privacy.update', `${name} as ${JSON.stringify(choice)}`, { [name]: choice }),
    ),
  ),
  row('privacy.update', 'a choice that is none', { more: true }),
  row('privacy.update', 'of somebody else', { typing: false, userId: 'bob' }),
  row('privacy.get', 'of somebody else', { userId: 'bob' }),
  ...(['privacy.get', 'privacy.update'] as const).flatMap((op) => [
    row(op, 'by an app server', {}, 'app', 'forbidden'),
    row(op, 'by a key that reads', {}, 'reader', 'forbidden'),
    row(op, 'by nobody', {}, 'nobody', 'unauthenticated'),
  ]),
]
