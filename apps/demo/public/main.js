import { Chat } from './chat/chat.js'
import { Conversation } from './view/conversation.js'
import { element } from './view/dom.js'
import { sidebar } from './view/sidebar.js'
import { welcome } from './view/welcome.js'

const app = document.getElementById('app')
const announcer = document.getElementById('announcer')
const asked =
  new URLSearchParams(location.search).get('as') ?? sessionStorage.getItem('tertulia:as')

async function fetchToken(userId) {
  const answer = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId }),
  })
  if (!answer.ok) throw new Error('There is no token.')
  return (await answer.json()).token
}

function start(user) {
  sessionStorage.setItem('tertulia:as', user)
  document.title = `${user} · Tertulia`
  let waiting = false
  let heard = null
  const chat = new Chat({ user, fetchToken: () => fetchToken(user), changed: () => schedule() })
  let isPlaced = false
  const conversation = new Conversation(chat, { show })
  const side = element('div')
  const frame = element('div', { class: 'chat' }, [side, conversation.node])
  app.replaceChildren(frame)

  function schedule() {
    if (waiting) return
    waiting = true
    requestAnimationFrame(render)
  }
  /** The address names the open channel: reload and Back do what they should. */
  function show(id) {
    const address = id === null ? location.pathname + location.search : `#${id}`
    if (id !== chat.open) history.pushState(null, '', address)
    void chat.show(id)
    if (id !== null) requestAnimationFrame(() => conversation.focus())
  }
  function place() {
    isPlaced = true
    const id = location.hash.slice(1)
    void chat.show(chat.channels.has(id) ? id : null)
  }
  addEventListener('popstate', place)

  function render() {
    waiting = false
    if (!isPlaced && chat.cursor) place()
    frame.classList.toggle('open', chat.open !== null)
    const focused = document.activeElement?.dataset?.channel
    const list = sidebar(chat, { leave, show, start: (id) => void chat.startDirect(id).then(show) })
    const scroll = frame.firstChild.querySelector?.('nav')?.scrollTop ?? 0
    frame.firstChild.replaceWith(list)
    list.querySelector('nav').scrollTop = scroll
    if (focused) list.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus()
    conversation.render()
    announce()
  }
  function announce() {
    const last = chat.current?.last
    if (!last || last.id === heard) return
    if (heard !== null && last.author !== user && last.text)
      announcer.textContent = `${chat.nameOf(last.author)}: ${last.text.slice(0, 120)}`
    heard = last.id
  }
  schedule()
}

function leave() {
  sessionStorage.removeItem('tertulia:as')
  location.assign('/')
}

if (['alice', 'bob', 'charlie', 'dana'].includes(asked)) start(asked)
else app.replaceChildren(welcome(start))
