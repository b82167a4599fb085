import { element } from './dom.js'
import { draftOf, keepDraft } from './drafts.js'
import { rowsOf } from './messages.js'

const VISIBLE = /[^\s\p{C}\p{Z}]/u

/** The open thread, beside the conversation. */
export class Thread {
  constructor(chat, act) {
    this.chat = chat
    this.act = act
    this.list = element('section', { class: 'messages', 'aria-label': 'Thread', tabindex: '0' })
    this.field = element('textarea', { rows: '1', 'aria-label': 'Reply', placeholder: 'Reply' })
    this.field.onkeydown = (event) => this.key(event)
    this.field.oninput = () => keepDraft(chat, this.field.value, chat.thread)
    this.form = element('form', { class: 'composer' }, [this.field])
    this.form.onsubmit = (event) => {
      event.preventDefault()
      this.submit()
    }
    this.node = element(
      'aside',
      { class: 'conversation thread-pane', 'aria-label': 'Thread', hidden: true },
      [
        element('header', {}, [
          element('div', {}, [element('h2', {}, ['Thread'])]),
          element(
            'button',
            {
              type: 'button',
              class: 'close',
              'aria-label': 'Close thread',
              onclick: () => this.close(),
            },
            ['✕'],
          ),
        ]),
        this.list,
        this.form,
      ],
    )
  }

  render() {
    const { chat, list } = this
    const channel = chat.current
    this.node.hidden = chat.thread === null || !channel || channel.isShut
    if (this.node.hidden) return
    this.turnTo(chat.thread)
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
    const rows = rowsOf(chat, channel, { act: this.act, rootId: chat.thread })
    const print = JSON.stringify(rows.map((row) => [row.key, row.print]))
    if (print === this.print) return
    this.print = print
    list.replaceChildren(...rows.map(({ build }) => build()))
    if (atEnd) list.scrollTop = list.scrollHeight
  }

  /** What was begun in a thread waits there, and never goes to somebody else. */
  turnTo(rootId) {
    if (rootId === this.shown) return
    this.shown = rootId
    this.field.value = draftOf(this.chat, rootId)
  }

  focus() {
    if (!this.node.hidden && matchMedia('(pointer: fine)').matches) this.field.focus()
  }

  close() {
    void this.chat.showThread(null)
  }

  key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      this.submit()
    } else if (event.key === 'Escape') this.close()
  }

  submit() {
    const text = this.field.value.trim()
    if (!VISIBLE.test(text) || !this.chat.current) return
    this.chat.sending.add(this.chat.open, text, this.chat.thread)
    this.field.value = ''
    keepDraft(this.chat, '', this.chat.thread)
    this.list.scrollTop = this.list.scrollHeight
  }
}
