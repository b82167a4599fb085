/** Marks and receipts go out at most so often. */
const EVERY_MS = 1000

/** Tells the server what came to this window and what was read in it, and what it says of others. */
export class Reading {
  #chat
  #timer = null
  #toldDelivered = new Map()

  constructor(chat) {
    this.#chat = chat
    addEventListener('focus', () => this.look())
    addEventListener('visibilitychange', () => this.look())
  }

  /** What another device read, or this one. */
  told({ channelId, read }) {
    const channel = this.#chat.channels.get(channelId)
    if (!channel) return
    channel.read = read
    channel.ordinal = Math.max(channel.ordinal, read.ordinal)
  }

  async learn(channel) {
    const { receipts } = await this.#ask('receipt.list', { channelId: channel.id })
    channel.putReceipts(receipts ?? [])
    this.look()
  }

  delivered(channel) {
    const told = this.#toldDelivered.get(channel.id) ?? 0
    if (!channel.cursor || channel.cursor.seq <= told) return
    this.#toldDelivered.set(channel.id, channel.cursor.seq)
    void this.#ask('receipt.deliver', { channels: [{ id: channel.id, seq: channel.cursor.seq }] })
    this.look()
  }

  /** What is open in a window with the focus is read. */
  look() {
    if (this.#timer === null) this.#timer = setTimeout(() => this.#lookNow(), EVERY_MS)
  }

  /** What was on the screen until now is read, also when that was shorter than the time between two marks. */
  leave(channel) {
    if (document.hasFocus()) void this.#mark(channel)
  }

  #lookNow() {
    this.#timer = null
    if (document.hasFocus() && !document.hidden) void this.#mark(this.#chat.current)
  }

  async #mark(channel) {
    if (!channel?.cursor) return
    if (channel.unread === 0 && channel.read?.seq >= (channel.last?.seq ?? 0)) return
    const { read } = await this.#ask('receipt.read', {
      channelId: channel.id,
      seq: channel.cursor.seq,
    })
    if (read) this.told({ channelId: channel.id, read })
    this.#chat.changed()
  }

  #ask(op, input) {
    return this.#chat.connection.request(op, input).catch(() => ({}))
  }
}
