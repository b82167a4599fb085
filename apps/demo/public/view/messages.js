import { avatar, coloured, dayOf, element, timeOf } from './dom.js'
import { systemRow } from './systemMessages.js'

const GROUP_MS = 300_000
/** UTF-16 units and lines above which a message is folded. */
const LONG = 1500
const MANY_LINES = 24

/**
 * The rows of a conversation, or of one thread in it: stored messages in their order, then what is still on its way.
 */
export function rowsOf(chat, channel, { act, rootId = null }) {
  const stored = rootId === null ? channel.timeline : channel.threadOf(rootId)
  const waiting = chat.sending.entries.filter(
    (entry) =>
      entry.channelId === channel.id &&
      (entry.threadRootId ?? null) === rootId &&
      !stored.some(
        (message) => message.clientId === entry.clientId && message.author === chat.user,
      ),
  )
  const rows = []
  const all = [
    ...stored,
    ...waiting.map((entry) => ({ ...entry, author: chat.user, pending: true })),
  ]
  for (const [index, message] of all.entries()) {
    const before = all[index - 1]
    const after = all[index + 1]
    if (!before || dayOf(before.createdAt) !== dayOf(message.createdAt))
      rows.push({
        key: `day ${dayOf(message.createdAt)}`,
        print: '',
        build: () => element('div', { class: 'day' }, [dayOf(message.createdAt)]),
      })
    if (message.kind === 'system') {
      rows.push(systemRow(chat, message))
      continue
    }
    const shape = {
      starts: !together(before, message),
      ends: !together(message, after),
      own: message.author === chat.user,
    }
    rows.push({
      key: `${message.author} ${message.clientId}`,
      print: JSON.stringify([
        message.version,
        message.reactionsVersion,
        message.thread,
        channel.own.get(message.id),
        tickOf(chat, channel, message),
        message.failed,
        message.pending && !message.at,
        shape,
        chat.nameOf(message.author),
        chat.state === 'open',
        chat.sending.isHeldBack(message),
      ]),
      build: () => messageRow(chat, message, { shape, act, channel, inThread: rootId !== null }),
    })
  }
  return rows
}

const together = (a, b) =>
  Boolean(
    a &&
      b &&
      a.kind !== 'system' &&
      b.kind !== 'system' &&
      a.author === b.author &&
      b.createdAt - a.createdAt < GROUP_MS &&
      dayOf(a.createdAt) === dayOf(b.createdAt),
  )

function messageRow(chat, message, { shape, act, channel, inThread }) {
  const name = chat.nameOf(message.author)
  const classes = [
    'message',
    shape.own && 'own',
    shape.starts && 'starts',
    shape.ends && 'ends',
    message.deletedAt && 'deleted',
    message.failed && 'failed',
  ]
  const children = []
  if (!shape.own) children.push(shape.ends ? avatar(name) : element('span', { class: 'space' }))
  if (!shape.own && shape.starts)
    children.unshift(
      coloured(element('span', { class: 'author' }, [element('bdi', {}, [name])]), name),
    )
  children.push(bubble(chat, message, { own: shape.own, act, channel, inThread }))
  const below = belowBubble(chat, message, { act, channel, inThread })
  if (below) children.push(below)
  if (message.failed) children.push(trouble(chat, message))
  return element(
    'article',
    {
      class: classes.filter(Boolean).join(' '),
      'aria-label': `${name}, ${timeOf(message.createdAt)}: ${textOf(message).slice(0, 60)}`,
    },
    children,
  )
}

const TICKS = { stored: '✓', delivered: '✓✓', read: '✓✓' }
const WORDS = { stored: 'Stored', delivered: 'Delivered', read: 'Read' }

/** How far an own message came: to the server, to everybody's devices, before everybody's eyes. */
function tickOf(chat, channel, message) {
  if (message.author !== chat.user || message.deletedAt || message.failed) return null
  if (message.pending) return message.at ? 'stored' : null
  const others = channel.channel.memberCount - 1
  const receipts = [...channel.receipts].filter(([id]) => id !== chat.user)
  const reached = (kind) => receipts.filter(([, receipt]) => receipt[kind] >= message.seq).length
  if (others > 0 && reached('read') >= others) return 'read'
  return others > 0 && reached('delivered') >= others ? 'delivered' : 'stored'
}

function statusOf(chat, message, tick) {
  if (message.failed || message.deletedAt || message.author !== chat.user) return ''
  if (tick) return TICKS[tick]
  return chat.state === 'open' && !chat.sending.isHeldBack(message) ? 'sending' : 'waiting'
}

function bubble(chat, message, { own, act, channel, inThread }) {
  const tick = tickOf(chat, channel, message)
  const status = statusOf(chat, message, tick)
  const parts = [message.editedAt && !message.deletedAt ? 'edited' : '', timeOf(message.createdAt)]
  const meta = element('span', { class: 'meta' }, [
    `${parts.filter(Boolean).join(' ')} `,
    element('span', { class: tick ? `tick ${tick}` : null, title: tick && WORDS[tick] }, [status]),
    tick ? element('span', { class: 'unseen' }, [WORDS[tick]]) : null,
  ])
  const text = element('div', { class: 'text', dir: 'auto' }, [textOf(message)])
  const isLong = text.textContent.length > LONG || text.textContent.split('\n').length > MANY_LINES
  if (isLong) text.classList.add('long', 'folded')
  return element('div', { class: 'bubble' }, [
    text,
    isLong ? unfold(text) : null,
    meta,
    message.pending || message.deletedAt ? null : tools(message, { act, own, inThread }),
  ])
}

const textOf = (message) => (message.deletedAt ? 'Message deleted' : message.text)

const unfold = (text) =>
  element(
    'button',
    {
      type: 'button',
      class: 'more',
      'aria-expanded': 'false',
      onclick({ currentTarget }) {
        const folded = text.classList.toggle('folded')
        currentTarget.textContent = folded ? 'Show more' : 'Show less'
        currentTarget.setAttribute('aria-expanded', String(!folded))
      },
    },
    ['Show more'],
  )

const QUICK = ['👍', '❤️', '😂', '🎉']

const button = (label, onclick, more = {}) =>
  element('button', { type: 'button', onclick, ...more }, [label])

const tools = (message, { act, own, inThread }) =>
  element('span', { class: 'tools' }, [
    ...QUICK.map((emoji) =>
      button(emoji, () => act.react(message, emoji), { 'aria-label': `React with ${emoji}` }),
    ),
    inThread || message.threadRootId ? null : button('Reply', () => act.reply(message)),
    own ? button('Edit', () => act.edit(message)) : null,
    own ? button('Delete', () => act.remove(message)) : null,
  ])

/** The reactions to a message, and the way into its thread. */
function belowBubble(chat, message, { act, channel, inThread }) {
  const own = channel.own.get(message.id) ?? {}
  const chips = Object.entries(message.reactions ?? {}).map(([emoji, count]) =>
    button(`${emoji} ${count}`, () => act.react(message, emoji), {
      class: own[emoji] ? 'chip own' : 'chip',
      'aria-pressed': String(Boolean(own[emoji])),
      'aria-label': `${emoji}, ${count} ${count === 1 ? 'reaction' : 'reactions'}`,
    }),
  )
  const { thread } = message
  if (!inThread && thread?.replies > 0) chips.push(threadButton(chat, message, act))
  else if (!inThread && message.threadRootId)
    chips.push(
      button('Reply in a thread', () => act.openThread(message.threadRootId), { class: 'thread' }),
    )
  return chips.length > 0 ? element('div', { class: 'below' }, chips) : null
}

function threadButton(chat, { id, thread }, act) {
  const count = `${thread.replies} ${thread.replies === 1 ? 'reply' : 'replies'}`
  return element('button', { type: 'button', class: 'thread', onclick: () => act.openThread(id) }, [
    element(
      'span',
      { class: 'faces' },
      thread.faces.slice(0, 3).map((face) => avatar(chat.nameOf(face))),
    ),
    count,
  ])
}

const trouble = (chat, { clientId, failed }) =>
  element('span', { class: 'trouble' }, [
    failed.isHopeless
      ? 'Not sent: it cannot be sent like this. What you wrote after it waits.'
      : `Not sent. ${failed.message} What you wrote after it waits.`,
    failed.isHopeless
      ? null
      : element('button', { type: 'button', onclick: () => chat.sending.retry(clientId) }, [
          'Try again',
        ]),
    element('button', { type: 'button', onclick: () => chat.sending.drop(clientId) }, ['Delete']),
  ])
