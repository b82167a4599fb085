/** A beginning goes out at most so often, and an end after so long without a key. */
const EVERY_MS = 3000
const PAUSE_MS = 5000
/** How long what was told of others is good. */
const GOOD_MS = 6000
/** Names that are shown; the others are counted. */
const NAMES = 2

/** Tells that one types, and knows who else does. What is lost only makes a line appear late or stay a little. */
export class Typing {
  #chat
  #channelId = null
  #saidAt = 0
  #pause = null
  #told = new Map()

  constructor(chat) {
    this.#chat = chat
  }

  /** After every change of the draft. */
  wrote(channelId, isBlank) {
    if (isBlank || channelId !== this.#channelId) this.ended()
    if (isBlank) return
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => this.ended(), PAUSE_MS)
    if (Date.now() - this.#saidAt < EVERY_MS) return
    this.#channelId = channelId
    this.#saidAt = Date.now()
    this.#say(true)
  }

  ended() {
    clearTimeout(this.#pause)
    if (this.#channelId !== null) this.#say(false)
    this.#channelId = null
    this.#saidAt = 0
  }

  told({ channel, users, count }) {
    clearTimeout(this.#told.get(channel)?.timer)
    this.#told.delete(channel)
    if (count === 0) return
    const timer = setTimeout(() => {
      this.#told.delete(channel)
      this.#chat.changed()
    }, GOOD_MS)
    this.#told.set(channel, { users, count, timer })
  }

  /** Who has said something does not type any more, even when the frame that says so was lost. */
  spoke(channelId, author) {
    const told = this.#told.get(channelId)
    if (!told?.users.includes(author)) return
    told.users = told.users.filter((id) => id !== author)
    told.count--
  }

  /** Such as "Bob and Charlie are typing"; empty when nobody does. */
  textOf(channelId) {
    const { users = [], count = 0 } = this.#told.get(channelId) ?? {}
    if (count === 0) return ''
    const names = users.slice(0, NAMES).map((id) => this.#chat.nameOf(id))
    const others = count - names.length
    if (others > 0) names.push(others === 1 ? '1 other' : `${others} others`)
    return `${listed(names)} ${count === 1 ? 'is' : 'are'} typing`
  }

  #say(active) {
    this.#chat.connection.tell({ type: 'typing', channel: this.#channelId, active })
  }
}

const list = new Intl.ListFormat('en', { style: 'long', type: 'conjunction' })
const listed = (names) => list.format(names)
