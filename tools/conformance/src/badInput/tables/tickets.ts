import { type CallRow, changing } from '../rows.ts'

const row = changing({ 'ticket.create': () => ({}) })

export const tickets: readonly CallRow[] = [
  row('ticket.create', 'for somebody else', { userId: 'bob' }),
  row('ticket.create', 'for longer', { expiresAt: 1 }),
  row('ticket.create', 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
  row('ticket.create', 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
  row('ticket.create', 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
]
