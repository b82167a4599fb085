/** Builds an element. Text is always text: nothing that people write is ever read as markup. */
export function element(tag, properties = {}, children = []) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) node[name] = value
    else if (value === true) node.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined)
      node.setAttribute(name, value)
  }
  node.append(...children.filter((child) => child !== null))
  return node
}

const hueOf = (text) =>
  ([...text].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 997, 7) % 12) * 30

/** The other one in a channel of two, or null. */
export const partnerIn = (chat, { channel }) =>
  channel.people.length === 2 ? channel.people.find((id) => id !== chat.user) : null

/** `state` of presence shows a dot; without one there is none. */
export function avatar(name, state = null) {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()
  const node = element('span', { class: 'avatar', 'aria-hidden': 'true', 'data-state': state }, [
    initials,
  ])
  node.style.setProperty('--hue', hueOf(name))
  return node
}

export function coloured(node, name) {
  node.style.setProperty('--hue', hueOf(name))
  return node
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
export const timeOf = (ms) => time.format(ms)
export const dayOf = (ms) => day.format(ms)
