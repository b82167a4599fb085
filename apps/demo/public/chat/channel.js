const BUFFER_FRAMES = 200

/**
 * What this window knows of one channel: a cursor, the messages of one continuous range up to it, and frames that
 * came too early (SPEC.md, "The client algorithm").
 */
export class ChannelState {
  constructor(item) {
    this.id = item.channel.id
    this.cursor = null
    this.messages = new Map()
    this.hasOlder = false
    this.early = []
    this.syncing = false
    this.update(item)
  }

  update({ channel, last, seq }) {
    this.channel = channel
    this.last = last
    this.head = Math.max(this.head ?? 0, seq)
  }

  /** Returns 'sync' when the channel must be asked for. */
  apply(frame) {
    if (!this.cursor) return 'later'
    if (frame.epoch !== this.cursor.epoch) return 'sync'
    if (frame.seq <= this.cursor.seq) return 'known'
    if (frame.prev > this.cursor.seq) {
      if (this.early.length < BUFFER_FRAMES) this.early.push(frame)
      return 'sync'
    }
    const events = frame.type === 'event' ? [frame] : frame.events
    for (const event of events) this.tell(event)
    this.cursor.seq = frame.seq
    this.head = Math.max(this.head, frame.seq)
    return 'applied'
  }

  tell({ data }) {
    if (data.message) this.put(data.message)
    if (data.channel) this.channel = data.channel
    if (data.memberCount !== undefined)
      this.channel = { ...this.channel, memberCount: data.memberCount }
  }

  put(message) {
    const known = this.messages.get(message.id)
    if (known && known.version >= message.version) return
    this.messages.set(message.id, message)
    if (!this.last || message.seq >= this.last.seq) this.last = message
  }

  /** Takes the answer of a sync; what came early is applied after it. */
  settle(sync) {
    this.syncing = false
    if (sync.status === 'same') this.cursor = { epoch: sync.epoch, seq: sync.seq }
    const { cursor } = this
    const isOld =
      sync.status === 'delta' && cursor?.epoch === sync.epoch && sync.through <= cursor.seq
    if (!isOld && (sync.status === 'delta' || sync.status === 'reset')) {
      if (sync.status === 'reset') {
        this.messages.clear()
        this.hasOlder = sync.hasOlder
      }
      for (const message of sync.messages) this.put(message)
      if (sync.channel) this.channel = sync.channel
      this.cursor = { epoch: sync.epoch, seq: sync.through }
      this.head = sync.through
    }
    const early = this.early.splice(0).sort((a, b) => a.seq - b.seq)
    for (const frame of early) this.apply(frame)
  }

  get lowest() {
    return Math.min(...[...this.messages.values()].map((message) => message.seq))
  }

  get sorted() {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq)
  }
}
