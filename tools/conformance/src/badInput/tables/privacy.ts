import { type CallRow, changing } from '../rows.ts'

const row = changing({ 'privacy.get': () => ({}), 'privacy.update': () => ({}) })

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
    row(op, 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
