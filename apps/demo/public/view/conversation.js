import { inWords } from '../chat/words.js'
import { avatar, element, partnerIn } from './dom.js'
import { draftOf, keepDraft } from './drafts.js'
import { rowsOf } from './messages.js'
import { Thread } from './thread.js'

const NEAR_END = 80
const QUIET_MS = 1000
const MOST_BYTES = 20_480
const MOVING = 2
const VISIBLE = /[^\s\p{C}\p{Z}]/u
const STATES = { online: 'Online', away: 'Away', offline: 'Offline' }
const SILENCES = {
  open: 'Nobody has said anything yet.',
  disabled: 'This conversation is closed for now.',
}
/** Why it is over, by the code of the close. */
const ENDINGS = {
  4403: 'This account is switched off.',
  4409: 'This window was replaced by another one of yours.',
  4426: 'This page is older than the server. Reload it.',
}

function arrow() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(svg.namespaceURI, 'path')
  path.setAttribute('d', 'M10 16V4M5 9l5-5 5 5')
  svg.append(path)
  return svg
}

/** The open channel. The list keeps its place while pages come in above, and follows at the end. */
export class Conversation {
  constructor(chat, { show }) {
    this.chat = chat
    this.show = show
    this.nodes = new Map()
    this.act = {
      edit: (message) => this.edit(message),
      remove: (message) => this.remove(message),
      react: (message, emoji) => this.attempt(chat.react(message, emoji)),
      reply: ({ id }) => this.openThread(id),
      openThread: (id) => this.openThread(id),
    }
    this.thread = new Thread(chat, this.act)
    this.editing = null
    this.troubleSince = null
    this.title = element('h2', { dir: 'auto' })
    this.status = element('span', { class: 'status' })
    this.face = element('span')
    this.notice = element('div', { class: 'notice', role: 'status', hidden: true })
    this.list = element('section', { class: 'messages', 'aria-label': 'Messages', tabindex: '0' })
    this.editRow = element('div', { class: 'edit-row', hidden: true }, [
      'Editing your message.',
      element('button', { type: 'button', onclick: () => this.stopEditing() }, ['Cancel']),
    ])
    this.field = element('textarea', {
      rows: '1',
      'aria-label': 'Message',
      oninput: () => this.wrote(),
      onblur: () => chat.typing.ended(),
    })
    this.field.onkeydown = (event) => this.key(event)
    this.button = element(
      'button',
      { class: 'send', type: 'submit', 'aria-label': 'Send', disabled: true },
      [arrow()],
    )
    this.tooLong = element('div', { class: 'too-long', role: 'status', hidden: true })
    this.form = element('form', { class: 'composer' }, [this.field, this.button])
    this.form.onsubmit = (event) => {
      event.preventDefault()
      this.submit()
    }
    this.typing = element('div', { class: 'typing', dir: 'auto' })
    this.silence = element('p', { class: 'silence' })
    this.empty = element('div', { class: 'empty' }, [
      element('strong', {}, ['Choose a conversation']),
      'or start one with somebody.',
    ])
    this.head = element('header', {}, [
      element(
        'button',
        { class: 'back', type: 'button', 'aria-label': 'Back', onclick: () => show(null) },
        ['‹ Back'],
      ),
      this.face,
      element('div', {}, [this.title, this.status]),
    ])
    // The newest message stays in view when the list gets smaller: by a longer draft, or a smaller window.
    let height = 0
    new ResizeObserver(() => {
      const { list } = this
      if (list.scrollHeight - list.scrollTop - height < NEAR_END) list.scrollTop = list.scrollHeight
      height = list.clientHeight
    }).observe(this.list)
    this.pane = element('main', { class: 'conversation' }, [
      this.head,
      this.notice,
      this.list,
      this.empty,
      this.typing,
      this.editRow,
      this.tooLong,
      this.form,
    ])
    this.node = element('div', { class: 'panes' }, [this.pane, this.thread.node])
  }

  openThread(id) {
    void this.chat.showThread(id)
    requestAnimationFrame(() => this.thread.focus())
  }

  attempt(promise) {
    void promise.catch((error) => this.complain(error))
  }

  render() {
    const channel = this.chat.current
    this.thread.render()
    for (const part of [this.head, this.list, this.form]) part.hidden = !channel
    this.head.style.display =
      this.list.style.display =
      this.form.style.display =
        channel ? '' : 'none'
    this.empty.style.display = channel ? 'none' : ''
    this.renderNotice()
    this.typing.textContent = channel ? this.chat.typing.textOf(channel.id) : ''
    if (!channel) return
    const title = this.chat.titleOf(channel)
    this.title.textContent = title
    const partner = partnerIn(this.chat, channel)
    this.face.replaceChildren(avatar(title, partner && this.chat.people.stateOf(partner)))
    const count = channel.channel.memberCount
    const { state } = channel.channel
    const people = partner
      ? `${STATES[this.chat.people.stateOf(partner)]} · only the two of you`
      : `${count} ${count === 1 ? 'member' : 'members'}`
    this.status.textContent = state === 'frozen' ? `${people} · frozen` : people
    this.form.style.display = state === 'disabled' ? 'none' : ''
    this.silence.textContent = SILENCES[state] ?? SILENCES.open
    this.field.placeholder = `Message ${title}`
    this.renderRows(channel)
  }

  renderNotice() {
    const { state, endedBy } = this.chat
    if (state === 'open') this.troubleSince = null
    else if (this.troubleSince === null) {
      this.troubleSince = Date.now()
      setTimeout(() => this.renderNotice(), QUIET_MS)
    }
    const show =
      state === 'stopped' ||
      (this.troubleSince !== null && Date.now() - this.troubleSince >= QUIET_MS)
    this.notice.hidden = !show
    this.field.disabled = state === 'stopped'
    this.notice.replaceChildren(
      ...(state === 'stopped'
        ? [
            `${ENDINGS[endedBy] ?? 'The server ended this session.'} `,
            element('button', { type: 'button', onclick: () => location.reload() }, ['Go on here']),
          ]
        : ['Reconnecting… what you write is kept and sent afterwards.']),
    )
  }

  renderRows(channel) {
    const { list } = this
    const switched = this.shown !== channel.id
    const fromEnd = list.scrollHeight - list.scrollTop
    const atEnd = switched || fromEnd - list.clientHeight < NEAR_END
    const top = this.firstKey
    if (switched) {
      this.nodes.clear()
      this.stopEditing()
    }
    const rows = rowsOf(this.chat, channel, { act: this.act })
    const arrivals = rows.filter(({ key }) => !this.nodes.has(key)).length
    // Whole pages come in without a stir.
    const nodes = rows.map((row) => this.nodeOf(row, switched || arrivals > MOVING))
    if (channel.hasOlder) nodes.unshift(this.olderButton())
    else if (nodes.length === 0 && (channel.cursor || channel.isShut)) nodes.push(this.silence)
    if (
      nodes.some((node, index) => list.children[index] !== node) ||
      list.children.length !== nodes.length
    )
      list.replaceChildren(...nodes)
    this.firstKey = rows[0]?.key
    this.shown = channel.id
    if (atEnd) list.scrollTop = list.scrollHeight
    else if (top !== this.firstKey) list.scrollTop = list.scrollHeight - fromEnd
  }

  nodeOf({ key, print, build }, quiet) {
    const known = this.nodes.get(key)
    if (known?.print === print) return known.node
    const node = build()
    if (!known && !quiet) node.classList.add('new')
    this.nodes.set(key, { print, node })
    return node
  }

  olderButton() {
    this.olderNode ??= element(
      'button',
      { class: 'older', type: 'button', onclick: () => this.chat.older() },
      ['Show older messages'],
    )
    return this.olderNode
  }

  key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      this.submit()
    } else if (event.key === 'Escape') {
      if (this.editing) this.stopEditing()
      else document.querySelector('[aria-current="true"]')?.focus()
    }
  }

  /** With a mouse and a keyboard; on a phone the keyboard would cover what one came to read. */
  focus() {
    if (matchMedia('(pointer: fine)').matches) this.field.focus()
  }

  wrote() {
    this.checkField()
    if (this.editing) return
    keepDraft(this.chat, this.field.value)
    this.chat.typing.wrote(this.chat.open, this.button.disabled)
  }

  checkField() {
    const over = new TextEncoder().encode(this.field.value.trim()).length - MOST_BYTES
    const isBlank = this.field.value.trim() !== '' && !VISIBLE.test(this.field.value)
    this.tooLong.hidden = over <= 0 && !isBlank
    this.tooLong.textContent = isBlank
      ? 'There is nothing to see in this.'
      : `Too long by ${over.toLocaleString()} ${over === 1 ? 'byte' : 'bytes'}.`
    this.button.disabled = over > 0 || !VISIBLE.test(this.field.value)
  }

  submit() {
    const text = this.field.value.trim()
    this.checkField()
    if (this.button.disabled || !this.chat.current) return
    if (this.editing) return void this.change(this.editing, text)
    this.chat.sending.add(this.chat.open, text)
    keepDraft(this.chat, '')
    this.stopEditing()
    this.list.scrollTop = this.list.scrollHeight
  }

  /** A text that was refused stays in the field. */
  async change(message, text) {
    try {
      await this.chat.edit(message, text)
      if (this.editing === message) this.stopEditing()
    } catch (error) {
      this.complain(error)
    }
  }

  edit(message) {
    this.editing = message
    this.editRow.hidden = false
    this.field.value = message.text
    this.checkField()
    this.field.focus()
  }

  /** What was begun in a channel waits there, and never goes to somebody else. */
  stopEditing() {
    this.editing = null
    this.editRow.hidden = true
    this.field.value = draftOf(this.chat)
    this.chat.typing.ended()
    this.checkField()
  }

  remove(message) {
    if (confirm('Delete this message for everybody?'))
      void this.chat.remove(message).catch((error) => this.complain(error))
  }

  complain(error) {
    this.notice.hidden = false
    this.notice.textContent = inWords(error)
  }
}
