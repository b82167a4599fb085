import { avatar, element, partnerIn, timeOf } from './dom.js'

/** The own channels by latest activity, and the people to begin a new one with. */
export function sidebar(chat, { leave, show, start }) {
  const channels = [...chat.channels.values()].sort((a, b) => activity(b) - activity(a))
  const directs = new Set(
    channels.flatMap(({ channel }) => (channel.people.length === 2 ? channel.people : [])),
  )
  const strangers = [...chat.people.users.values()].filter(
    ({ id }) => id !== chat.user && !directs.has(id),
  )
  return element('aside', { class: 'sidebar' }, [
    element('header', {}, [
      element('h1', {}, ['Messages']),
      element('span', { class: 'who', dir: 'auto' }, [chat.nameOf(chat.user)]),
    ]),
    element('nav', { 'aria-label': 'Channels' }, [
      element(
        'ul',
        { class: 'rows' },
        channels.map((channel) => element('li', {}, [row(chat, channel, show)])),
      ),
      strangers.length > 0 ? element('h2', {}, ['Start a conversation']) : null,
      element(
        'ul',
        { class: 'rows' },
        strangers.map((user) => element('li', {}, [stranger(chat, user, start)])),
      ),
    ]),
    element('div', { class: 'me' }, [
      element('button', { type: 'button', onclick: leave }, ['Be somebody else']),
    ]),
  ])
}

const activity = ({ last, channel }) =>
  last?.createdAt ?? channel.lastMessageAt ?? channel.createdAt

function row(chat, channel, show) {
  const { last } = channel
  const open = chat.open === channel.id
  const unread = channel.unread
  // Who spoke last has been there, even if the server has not been told how far they have read.
  const spokeLast = last?.author === chat.user
  const news = unread > 0 && !spokeLast && !(open && document.hasFocus())
  const title = chat.titleOf(channel)
  const partner = partnerIn(chat, channel)
  const state = partner && chat.people.stateOf(partner)
  const button = element(
    'button',
    {
      type: 'button',
      class: news ? 'row news' : 'row',
      'aria-current': open ? 'true' : null,
      onclick: () => show(channel.id),
      'data-channel': channel.id,
    },
    [
      avatar(title, state),
      element('span', {}, [
        element('span', { class: 'line' }, [
          element('span', { class: 'title' }, [
            element('bdi', {}, [title]),
            state ? element('span', { class: 'visually-hidden' }, [` (${state})`]) : null,
          ]),
          last ? element('time', {}, [timeOf(last.createdAt)]) : null,
        ]),
        element('span', { class: 'line' }, [
          element('span', { class: 'preview' }, [element('bdi', {}, [previewOf(chat, channel)])]),
          news
            ? element('span', { class: 'count', 'aria-label': `${unread} unread` }, [
                unread > 99 ? '99+' : String(unread),
              ])
            : null,
        ]),
      ]),
    ],
  )
  return button
}

function previewOf(chat, { last, channel, isShut }) {
  if (isShut) return 'Closed for now'
  if (!last) return 'No messages yet'
  if (last.text === null) return 'Message deleted'
  if (last.author === chat.user) return `You: ${last.text}`
  return channel.people.length === 2 ? last.text : `${chat.nameOf(last.author)}: ${last.text}`
}

const stranger = (chat, user, start) =>
  element('button', { type: 'button', class: 'row', onclick: () => start(user.id) }, [
    avatar(user.name, chat.people.stateOf(user.id)),
    element('span', { class: 'title' }, [element('bdi', {}, [user.name])]),
  ])
