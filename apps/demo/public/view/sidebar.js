import { avatar, element, timeOf } from './dom.js'

/** The own channels by latest activity, and the people to begin a new one with. */
export function sidebar(chat, leave) {
  const channels = [...chat.channels.values()].sort((a, b) => activity(b) - activity(a))
  const directs = new Set(
    channels.flatMap(({ channel }) => (channel.people.length === 2 ? channel.people : [])),
  )
  const strangers = [...chat.users.values()].filter(
    ({ id }) => id !== chat.user && !directs.has(id),
  )
  return element('aside', { class: 'sidebar' }, [
    element('header', {}, [element('h1', {}, ['Messages'])]),
    element('nav', { 'aria-label': 'Channels' }, [
      element(
        'ul',
        { class: 'rows' },
        channels.map((channel) => element('li', {}, [row(chat, channel)])),
      ),
      strangers.length > 0 ? element('h2', {}, ['Start a conversation']) : null,
      element(
        'ul',
        { class: 'rows' },
        strangers.map((user) => element('li', {}, [stranger(chat, user)])),
      ),
    ]),
    element('div', { class: 'me' }, [
      `You are ${chat.nameOf(chat.user)}`,
      element('button', { type: 'button', onclick: leave }, ['Change']),
    ]),
  ])
}

const activity = ({ last, channel }) =>
  last?.createdAt ?? channel.lastMessageAt ?? channel.createdAt

function row(chat, channel) {
  const { last } = channel
  const open = chat.open === channel.id
  const news =
    !open &&
    last !== null &&
    last.seq > (chat.seen.get(channel.id) ?? 0) &&
    last.author !== chat.user
  const title = chat.titleOf(channel)
  const button = element(
    'button',
    {
      type: 'button',
      class: news ? 'row news' : 'row',
      'aria-current': open ? 'true' : null,
      onclick: () => chat.show(channel.id),
      'data-channel': channel.id,
    },
    [
      avatar(title),
      element('span', {}, [
        element('span', { class: 'line' }, [
          element('span', { class: 'title' }, [title]),
          last ? element('time', {}, [timeOf(last.createdAt)]) : null,
        ]),
        element('span', { class: 'line' }, [
          element('span', { class: 'preview' }, [previewOf(chat, channel)]),
          news
            ? element('span', { class: 'dot', role: 'img', 'aria-label': 'New messages' })
            : null,
        ]),
      ]),
    ],
  )
  return button
}

function previewOf(chat, { last, channel }) {
  if (!last) return 'No messages yet'
  if (last.text === null) return 'Message deleted'
  if (last.author === chat.user) return `You: ${last.text}`
  return channel.people.length === 2 ? last.text : `${chat.nameOf(last.author)}: ${last.text}`
}

const stranger = (chat, user) =>
  element('button', { type: 'button', class: 'row', onclick: () => chat.startDirect(user.id) }, [
    avatar(user.name),
    element('span', { class: 'title' }, [user.name]),
  ])
