import { element } from './dom.js'

const MOST_NAMES = 3

/** What a system message tells, in words. */
function wordsOf(chat, { system, deletedAt }) {
  if (deletedAt) return 'Message deleted'
  const by = chat.nameOf(system?.by ?? null)
  switch (system?.event) {
    case 'joined':
      return isAlone(system) ? `${by} joined` : `${by} added ${namesOf(chat, system)}`
    case 'left':
      return isAlone(system) ? `${by} left` : `${by} removed ${namesOf(chat, system)}`
    case 'renamed':
      return system.name === null
        ? `${by} took away the name of the channel`
        : `${by} named the channel “${system.name}”`
    case 'pinned':
      return `${by} pinned a message`
    default:
      return 'Something was changed here'
  }
}

const isAlone = ({ userIds, by }) => userIds.length === 1 && userIds[0] === by

function namesOf(chat, { userIds }) {
  const names = userIds.slice(0, MOST_NAMES).map((id) => chat.nameOf(id))
  const more = userIds.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}

export function systemRow(chat, message) {
  const words = wordsOf(chat, message)
  return {
    key: message.id,
    print: words,
    build: () => element('div', { class: 'event', dir: 'auto' }, [words]),
  }
}
