const BUFFER_FRAMES = 200

const standsInChannel = ({ threadRootId, alsoInChannel }) => !threadRootId || alsoInChannel

const isToRead = (message) =>
  standsInChannel(message) && message.kind !== 'system' && !message.silent

const newerThread = (a, b) => (!a || (b && b.version > a.version) ? b : a)

/**
 * What this window knows of one channel: a cursor, the messages of one continuous range up to it, and frames that
 * came too early (SPEC.md, "The client algorithm").
 */
export class ChannelState {
  constructor(item, user) {
    this.user = user
    this.id = item.channel.id
    this.cursor = null
    this.messages = new Map()
    /** The own reactions, by the id of the message. */
    this.own = new Map()
    /** How far the messages came to the other members. */
    this.receipts = new Map()
    this.hasOlder = false
    this.early = []
    this.syncing = false
    this.update(item)
  }

  update({ channel, last, seq, read = { seq, unread: 0, ordinal: 0 }, ordinal = 0 }) {
    this.channel = channel
    this.last = last
    this.read = read
    this.ordinal = ordinal
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
    if (this.isShut) return 'shut'
    this.cursor.seq = frame.seq
    this.head = Math.max(this.head, frame.seq)
    return 'applied'
  }

  tell({ name, data }) {
    if (data.message) this.put(data.message)
    if (name === 'message.created' && isToRead(data.message)) this.ordinal++
    if (name === 'reaction.changed') this.putReactions(data)
    if (data.thread) this.putThread(data.thread)
    if (data.channel) this.putChannel(data.channel)
    if (data.memberCount !== undefined)
      this.channel = { ...this.channel, memberCount: data.memberCount }
  }

  get isShut() {
    return this.channel.state === 'disabled'
  }

  /** Nothing of a disabled channel is kept here; it is asked for again later (STATE-6). */
  shut() {
    this.channel = { ...this.channel, state: 'disabled' }
    this.cursor = null
    this.messages.clear()
    this.own.clear()
    this.early.length = 0
    this.hasOlder = false
    this.dropLast(Number.POSITIVE_INFINITY)
  }

  /** What was truncated goes, and every thread with its root. */
  putChannel(channel) {
    this.channel = channel
    if (this.isShut) return this.shut()
    for (const message of [...this.messages.values()]) {
      const root = message.threadRootId && this.messages.get(message.threadRootId)
      const isOrphan = !standsInChannel(message) && !(root?.seq > channel.floor)
      if (message.seq <= channel.floor || isOrphan) this.messages.delete(message.id)
    }
    this.dropLast(channel.floor)
  }

  /** With the newest message nothing is left to read. */
  dropLast(floor) {
    if (!(this.last?.seq <= floor)) return
    this.last = null
    this.read = { ...this.read, unread: 0, ordinal: this.ordinal }
  }

  /** Content, reactions and the summary of a thread have a version each. */
  put(message) {
    if (message.seq <= this.channel.floor) return
    const known = this.messages.get(message.id)
    const content = known && known.version >= message.version ? known : message
    const { reactions, reactionsVersion } =
      known && known.reactionsVersion > message.reactionsVersion ? known : message
    const thread = newerThread(known?.thread, message.thread)
    const row = content.deletedAt ? content : { ...content, reactions, reactionsVersion }
    this.messages.set(message.id, thread ? { ...row, thread } : row)
    if (!standsInChannel(message) || message.kind === 'system') return
    if (!this.last || message.seq >= this.last.seq) this.last = this.messages.get(message.id)
  }

  putReactions({ messageId, reactions, reactionsVersion, changes = [] }) {
    const known = this.messages.get(messageId)
    if (!known) return
    this.put({ ...known, reactions, reactionsVersion })
    const own = { ...this.own.get(messageId) }
    for (const { userId, emoji, score } of changes) if (userId === this.user) own[emoji] = score
    this.own.set(messageId, own)
  }

  putThread({ rootId, ...thread }) {
    const root = this.messages.get(rootId)
    if (root) this.put({ ...root, thread })
  }

  putOwn(ownReactions, messages) {
    for (const { id } of messages) this.own.set(id, ownReactions[id] ?? {})
  }

  /** Of several receipts of one member the furthest counts. */
  putReceipts(receipts) {
    for (const { userId, delivered, read } of receipts) {
      const known = this.receipts.get(userId) ?? { delivered: 0, read: 0 }
      this.receipts.set(userId, {
        delivered: Math.max(known.delivered, delivered),
        read: Math.max(known.read, read),
      })
    }
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
        this.own.clear()
        this.hasOlder = sync.hasOlder
      }
      for (const message of sync.messages) this.put(message)
      for (const thread of sync.threads ?? []) this.putThread(thread)
      for (const reactions of sync.reactions ?? []) this.putReactions(reactions)
      const reacted = (sync.reactions ?? []).map(({ messageId: id }) => ({ id }))
      this.putOwn(sync.ownReactions, [...sync.messages, ...reacted])
      if (sync.channel) this.putChannel(sync.channel)
      this.cursor = { epoch: sync.epoch, seq: sync.through }
      this.head = sync.through
    }
    const early = this.early.splice(0).sort((a, b) => a.seq - b.seq)
    for (const frame of early) this.apply(frame)
  }

  get lowest() {
    return Math.min(...this.timeline.map((message) => message.seq))
  }

  /** What stands in the channel. */
  get timeline() {
    return this.#sorted(standsInChannel)
  }

  /** A thread: its root, and what was said in it. */
  threadOf(rootId) {
    return this.#sorted(({ id, threadRootId }) => id === rootId || threadRootId === rootId)
  }

  #sorted(wanted) {
    return [...this.messages.values()].filter(wanted).sort((a, b) => a.seq - b.seq)
  }

  /** Messages of others that are not read yet, as far as this window can tell. */
  get unread() {
    return this.read ? this.read.unread + Math.max(0, this.ordinal - this.read.ordinal) : 0
  }
}
