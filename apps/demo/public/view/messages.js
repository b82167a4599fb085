import { avatar, coloured, dayOf, element, timeOf } from './dom.js'

const GROUP_MS = 300_000
/** UTF-16 units and lines above which a message is folded. */
const LONG = 1500
const MANY_LINES = 24

/** The rows of a conversation: stored messages in their order, then what is still on its way. */
export function rowsOf(chat, channel, act) {
  const stored = channel.sorted
  const waiting = chat.sending.entries.filter(
    (entry) =>
      entry.channelId === channel.id &&
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
    const shape = {
      starts: !together(before, message),
      ends: !together(message, after),
      own: message.author === chat.user,
    }
    rows.push({
      key: `${message.author} ${message.clientId}`,
      print: JSON.stringify([
        message.version,
        message.failed,
        message.pending && !message.at,
        shape,
        chat.nameOf(message.author),
        chat.state === 'open',
        chat.sending.isHeldBack(message),
      ]),
      build: () =>
        messageRow(chat, message, { shape, act, together: channel.channel.people.length === 2 }),
    })
  }
  return rows
}

const together = (a, b) =>
  Boolean(
    a &&
      b &&
      a.author === b.author &&
      b.createdAt - a.createdAt < GROUP_MS &&
      dayOf(a.createdAt) === dayOf(b.createdAt),
  )

function messageRow(chat, message, { shape, act }) {
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
  children.push(bubble(chat, message, { own: shape.own, act }))
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

function statusOf(chat, message, own) {
  if (message.failed || message.deletedAt || !own) return ''
  if (!message.pending || message.at) return '✓'
  return chat.state === 'open' && !chat.sending.isHeldBack(message) ? 'sending' : 'waiting'
}

function bubble(chat, message, { own, act }) {
  const status = statusOf(chat, message, own)
  const parts = [
    message.editedAt && !message.deletedAt ? 'edited' : '',
    timeOf(message.createdAt),
    status,
  ]
  const meta = element('span', { class: 'meta', title: status === '✓' ? 'Stored' : null }, [
    parts.filter(Boolean).join(' '),
  ])
  const text = element('div', { class: 'text', dir: 'auto' }, [textOf(message)])
  const isLong = text.textContent.length > LONG || text.textContent.split('\n').length > MANY_LINES
  if (isLong) text.classList.add('long', 'folded')
  return element('div', { class: 'bubble' }, [
    text,
    isLong ? unfold(text) : null,
    meta,
    own && !message.pending && !message.deletedAt ? tools(message, act) : null,
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

const tools = (message, act) =>
  element('span', { class: 'tools' }, [
    element('button', { type: 'button', onclick: () => act.edit(message) }, ['Edit']),
    element('button', { type: 'button', onclick: () => act.remove(message) }, ['Delete']),
  ])

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
