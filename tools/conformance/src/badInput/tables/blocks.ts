import { LIMITS } from '@tertulia/protocol'
import { type CallRow, changing } from '../rows.ts'

const row = changing({
  'user.block': ({ ids }) => ({ userId: ids.bob }),
  'user.unblock': ({ ids }) => ({ userId: ids.bob }),
  'block.list': () => ({}),
})

const NO_MODE: readonly unknown[] = ['', 'OneWay', 'both', 'none', 1, true, null, ['oneWay'], {}]
const NO_USER: readonly unknown[] = [' ', 'b ob', 'me', 'x'.repeat(129)]
const NO_CURSOR: readonly unknown[] = ['', 'evil', 'eyJldmlsIjoxfQ', 'x'.repeat(513)]
const NO_LIMIT: readonly unknown[] = [0, -1, LIMITS.pageItems + 1, 1.5]

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60)

export const blocks: readonly CallRow[] = [
  ...NO_MODE.map((mode) => row('user.block', `the mode ${shown(mode)}`, { mode })),
  ...(['user.block', 'user.unblock'] as const).flatMap((op) =>
    NO_USER.map((userId) => row(op, `the user ${shown(userId)}`, { userId })),
  ),
  ...NO_CURSOR.map((cursor) => row('block.list', `the cursor ${shown(cursor)}`, { cursor })),
  ...NO_LIMIT.map((limit) => row('block.list', `the limit ${shown(limit)}`, { limit })),
  row('user.block', 'oneself', ({ ids }) => ({ userId: ids.alice })),
  row('user.block', 'nobody', { userId: 'nobody' }, { expect: 'user.not_found' }),
  row('user.block', 'a stranger', ({ ids }) => ({ userId: ids.dave }), {
    expect: 'user.not_found',
  }),
  row('user.block', 'for somebody else', { by: 'bob' }),
  row('user.block', 'since when', { blockedAt: 1 }),
  row('user.unblock', 'nobody', { userId: 'nobody' }, { expect: 'done' }),
  row('user.unblock', 'a stranger', ({ ids }) => ({ userId: ids.dave }), { expect: 'done' }),
  row('block.list', 'of somebody else', { userId: 'bob' }),
  ...(['user.block', 'user.unblock', 'block.list'] as const).flatMap((op) => [
    row(op, 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
