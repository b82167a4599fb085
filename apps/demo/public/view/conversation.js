import { avatar, element } from './dom.js'
import { rowsOf } from './messages.js'

const NEAR_END = 80
const QUIET_MS = 3000
const MOVING = 2

/** The open channel. The list keeps its place while pages come in above, and follows at the end. */
export class Conversation {
  constructor(chat) {
    this.chat = chat
    this.nodes = new Map()
    this.editing = null
    this.troubleSince = null
    this.title = element('h2')
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
      maxlength: '20000',
      oninput: () => this.checkField(),
    })
    this.field.onkeydown = (event) => this.key(event)
    this.button = element(
      'button',
      { class: 'send', type: 'submit', 'aria-label': 'Send', disabled: true },
      ['➤'],
    )
    this.form = element('form', { class: 'composer' }, [this.field, this.button])
    this.form.onsubmit = (event) => {
      event.preventDefault()
      this.submit()
    }
    this.empty = element('div', { class: 'empty' }, [
      element('strong', {}, ['Choose a conversation']),
      'or start one with somebody.',
    ])
    this.head = element('header', {}, [
      element(
        'button',
        { class: 'back', type: 'button', 'aria-label': 'Back', onclick: () => chat.show(null) },
        ['‹ Back'],
      ),
      this.face,
      element('div', {}, [this.title, this.status]),
    ])
    this.node = element('main', { class: 'conversation' }, [
      this.head,
      this.notice,
      this.list,
      this.empty,
      this.editRow,
      this.form,
    ])
  }

  render() {
    const channel = this.chat.current
    for (const part of [this.head, this.list, this.form]) part.hidden = !channel
    this.head.style.display =
      this.list.style.display =
      this.form.style.display =
        channel ? '' : 'none'
    this.empty.style.display = channel ? 'none' : ''
    this.renderNotice()
    if (!channel) return
    const title = this.chat.titleOf(channel)
    this.title.textContent = title
    this.face.replaceChildren(avatar(title))
    const count = channel.channel.memberCount
    this.status.textContent =
      channel.channel.people.length === 2
        ? 'Only the two of you'
        : `${count} ${count === 1 ? 'member' : 'members'}`
    this.field.placeholder = `Message ${title}`
    this.renderRows(channel)
  }

  renderNotice() {
    const { state } = this.chat
    if (state === 'open') this.troubleSince = null
    else if (this.troubleSince === null) {
      this.troubleSince = Date.now()
      setTimeout(() => this.renderNotice(), QUIET_MS)
    }
    const show =
      state === 'stopped' ||
      (this.troubleSince !== null && Date.now() - this.troubleSince >= QUIET_MS)
    this.notice.hidden = !show
    this.notice.textContent =
      state === 'stopped'
        ? 'The server ended this session. Reload the page to sign in again.'
        : 'Reconnecting… what you write is kept and sent afterwards.'
  }

  renderRows(channel) {
    const { list } = this
    const switched = this.shown !== channel.id
    const fromEnd = list.scrollHeight - list.scrollTop
    const atEnd = switched || fromEnd - list.clientHeight < NEAR_END
    const top = this.firstKey
    if (switched) this.nodes.clear()
    const rows = rowsOf(this.chat, channel, {
      edit: (message) => this.edit(message),
      remove: (message) => this.remove(message),
    })
    const arrivals = rows.filter(({ key }) => !this.nodes.has(key)).length
    // Whole pages come in without a stir.
    const nodes = rows.map((row) => this.nodeOf(row, switched || arrivals > MOVING))
    if (channel.hasOlder) nodes.unshift(this.olderButton())
    if (
      nodes.some((node, index) => list.children[index] !== node) ||
      list.children.length !== nodes.length
    )
      list.replaceChildren(...nodes)
    this.firstKey = rows[0]?.key
    this.shown = channel.id
    if (atEnd) list.scrollTop = list.scrollHeight
    else if (top !== this.firstKey) list.scrollTop = list.scrollHeight - fromEnd
    this.chat.seen.set(channel.id, channel.last?.seq ?? 0)
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
    } else if (event.key === 'Escape') this.stopEditing()
  }

  checkField() {
    this.button.disabled = this.field.value.trim() === ''
  }

  submit() {
    const text = this.field.value.trim()
    if (!text || !this.chat.current) return
    if (this.editing) void this.chat.edit(this.editing, text).catch((error) => this.complain(error))
    else this.chat.sending.add(this.chat.open, text)
    this.stopEditing()
    this.list.scrollTop = this.list.scrollHeight
  }

  edit(message) {
    this.editing = message
    this.editRow.hidden = false
    this.field.value = message.text
    this.checkField()
    this.field.focus()
  }

  stopEditing() {
    this.editing = null
    this.editRow.hidden = true
    this.field.value = ''
    this.checkField()
  }

  remove(message) {
    if (confirm('Delete this message for everybody?'))
      void this.chat.remove(message).catch((error) => this.complain(error))
  }

  complain(error) {
    this.notice.hidden = false
    this.notice.textContent = error.message
  }
}
