import { ChannelState } from './channel.js'
import { Connection } from './connection.js'
import { People } from './people.js'
import { Reading } from './reading.js'
import { SendQueue } from './sendQueue.js'
import { Typing } from './typing.js'
import { uuidv7 } from './uuid.js'

/** How long the event of an own message may take before the channel is asked for. */
const OWN_EVENT_MS = 500
/** Between two looks whether a disabled channel is open again. */
const ASK_AGAIN_MS = 20_000

/** Everything that one person's window knows, and what can be done with it. Calls `changed` after every change. */
export class Chat {
  constructor({ user, fetchToken, changed }) {
    this.user = user
    this.state = 'connecting'
    this.endedBy = null
    this.channels = new Map()
    this.people = new People(this)
    this.open = null
    this.cursor = null
    /** The root of the thread that is open beside the conversation. */
    this.thread = null
    this.changed = changed
    this.reading = new Reading(this)
    this.typing = new Typing(this)
    this.device = sessionStorage.getItem('tertulia:device') ?? uuidv7()
    sessionStorage.setItem('tertulia:device', this.device)
    this.connection = new Connection({
      fetchToken,
      hello: () => this.hello(),
      handlers: {
        welcome: (frame) => this.welcome(frame),
        frame: (frame) => this.receive(frame),
        state: (state, code) => this.setState(state, code),
      },
    })
    this.sending = new SendQueue({ user, send: (message) => this.deliver(message), changed })
    void this.connection.open()
    setInterval(() => this.current?.isShut && this.show(this.open), ASK_AGAIN_MS)
  }

  get current() {
    return this.open && this.channels.get(this.open)
  }

  nameOf(id) {
    return this.people.nameOf(id)
  }

  titleOf({ channel }) {
    const others = channel.people.filter((id) => id !== this.user)
    return others.map((id) => this.nameOf(id)).join(', ') || channel.name || 'Untitled'
  }

  hello() {
    const channels = this.current
      ? [{ id: this.open, interest: 'full', ...this.current.cursor }]
      : []
    return { device: this.device, sdk: 'demo/0.1', user: this.cursor, channels }
  }

  welcome({ user, channels, me }) {
    this.people.put([me])
    this.takeUser(user)
    for (const sync of channels) this.takeChannel(sync)
    this.sending.runAll()
    void this.people.meetAll()
    this.changed()
  }

  /** `code` is that of the close which ended it for good. */
  setState(state, code = null) {
    this.state = state
    this.endedBy = code
    this.changed()
  }

  takeUser(sync) {
    if (sync.status === 'reset') {
      const present = new Set(sync.joined.map(({ channel }) => channel.id))
      if (!sync.hasMore)
        for (const id of this.channels.keys()) if (!present.has(id)) this.forget(id)
    }
    if (sync.status === 'reset' || sync.status === 'delta') {
      for (const item of sync.joined) this.learnChannel(item)
      for (const { channelId } of sync.left ?? []) this.forget(channelId)
      this.cursor = { epoch: sync.epoch, seq: sync.through }
    }
  }

  learnChannel(item) {
    const known = this.channels.get(item.channel.id)
    if (known) known.update(item)
    else {
      this.channels.set(item.channel.id, new ChannelState(item, this.user))
    }
  }

  forget(id) {
    this.channels.delete(id)
    if (this.open === id) this.open = null
  }

  takeChannel(sync) {
    if (sync.status === 'gone' && sync.reason !== 'disabled') return this.forget(sync.id)
    this.people.put(sync.users ?? [])
    const channel = this.channels.get(sync.id)
    if (!channel) return
    if (sync.status === 'gone') return channel.shut()
    channel.settle(sync)
    this.sending.settle(channel.id, channel)
    if (channel === this.current) this.reading.delivered(channel)
    if (sync.status === 'head') void this.sync(channel)
  }

  receive(frame) {
    const own = frame.channel === '@me'
    const takers = {
      event: () => (own ? this.ownEvent(frame) : this.channelEvent(frame)),
      events: () => (own ? this.ownEvent(frame) : this.channelEvent(frame)),
      gap: () => (own ? this.syncUser() : this.syncId(frame.channel)),
      bump: () => this.bump(frame),
      heartbeat: () => this.checkHeads(frame),
      receipts: () => this.channels.get(frame.channel)?.putReceipts(frame.receipts),
      typing: () => this.typing.told(frame),
      presence: () => this.people.told(frame),
    }
    void takers[frame.type]?.()
    this.changed()
  }

  ownEvent(frame) {
    const continues = this.cursor?.epoch === frame.epoch && frame.prev <= this.cursor.seq
    if (!continues) {
      void this.syncUser()
      return
    }
    if (frame.seq <= this.cursor.seq) return
    for (const { name, data } of frame.type === 'event' ? [frame] : frame.events) {
      if (name === 'channel.joined') this.learnChannel({ ...data, last: null })
      if (name === 'unread.changed') this.reading.told(data)
      if (name === 'channel.left') this.forget(data.channelId)
      if (name === 'user.updated') this.people.put([data.user])
    }
    this.cursor.seq = frame.seq
  }

  channelEvent(frame) {
    const channel = this.channels.get(frame.channel)
    if (frame.data?.user) this.people.put([frame.data.user])
    const author = frame.data?.message?.author
    if (author) {
      void this.people.meet([author])
      this.typing.spoke(frame.channel, author)
    }
    const outcome = channel?.apply(frame)
    if (outcome === 'sync') void this.sync(channel)
    else if (outcome === 'applied') {
      this.sending.settle(channel.id, channel)
      this.reading.delivered(channel)
    }
  }

  bump({ channel: id, last, seq, ordinal, floor = 0 }) {
    const channel = this.channels.get(id)
    if (!channel) return
    channel.head = Math.max(channel.head, seq)
    channel.dropLast(floor)
    if (last) channel.last = last
    if (ordinal !== undefined) channel.ordinal = ordinal
  }

  checkHeads({ user, heads }) {
    if (this.cursor && user > this.cursor.seq) void this.syncUser()
    const channel = this.current
    if (channel?.cursor && (heads[channel.id] ?? 0) > channel.cursor.seq) void this.sync(channel)
  }

  async syncUser() {
    const { user } = await this.connection
      .request('sync.pull', { user: this.cursor })
      .catch(() => ({}))
    if (user) this.takeUser(user)
    this.changed()
  }

  syncId(id) {
    const channel = this.channels.get(id)
    if (channel?.cursor) void this.sync(channel)
  }

  async sync(channel) {
    if (channel.syncing) return
    channel.syncing = true
    const cursor = { id: channel.id, ...channel.cursor }
    const { channels } = await this.connection
      .request('sync.pull', { channels: [cursor] })
      .catch(() => ({}))
    channel.syncing = false
    for (const sync of channels ?? []) this.takeChannel(sync)
    this.changed()
  }

  async show(id) {
    const before = this.current
    this.typing.ended()
    if (before && before.id !== id) this.reading.leave(before)
    this.open = id
    if (before?.id !== id) this.thread = null
    const channel = this.current
    this.changed()
    if (!channel) return
    const wishes = [{ id, interest: 'full', ...channel.cursor }]
    if (before && before !== channel) wishes.push({ id: before.id, interest: 'list' })
    const { channels } = await this.connection
      .request('interest.set', { channels: wishes })
      .catch(() => ({}))
    for (const sync of channels ?? []) if (sync.id === id) this.takeChannel(sync)
    await this.reading.learn(channel)
    this.changed()
  }

  async older() {
    const channel = this.current
    if (!channel?.hasOlder) return
    const page = await this.connection.request('message.history', {
      channelId: channel.id,
      before: channel.lowest,
      limit: 50,
    })
    for (const message of page.messages) channel.put(message)
    channel.putOwn(page.ownReactions, page.messages)
    channel.hasOlder = page.hasOlder
    this.changed()
  }

  /** Opens the thread of a message beside the conversation; null closes it. */
  async showThread(rootId) {
    this.thread = rootId
    this.changed()
    const channel = this.current
    if (!channel || rootId === null) return
    const page = await this.connection
      .request('message.history', { channelId: channel.id, threadRootId: rootId, limit: 100 })
      .catch(() => ({ messages: [], ownReactions: {} }))
    for (const message of page.messages) channel.put(message)
    channel.putOwn(page.ownReactions, page.messages)
    this.changed()
  }

  /** Reacts, or takes the reaction back. Shown at once; what the server says then counts. */
  async react(message, emoji) {
    const channel = this.channels.get(message.channelId)
    const isOn = Boolean(channel?.own.get(message.id)?.[emoji])
    const answer = await this.connection.request(isOn ? 'reaction.remove' : 'reaction.add', {
      channelId: message.channelId,
      messageId: message.id,
      emoji,
    })
    channel?.own.set(message.id, answer.own)
    channel?.putReactions(answer)
    this.changed()
  }

  /** Resolves with the place of the message, or null when the channel is not followed and nothing will bring it. */
  async deliver(input) {
    const { message, epoch } = await this.connection.request('message.send', input)
    const channel = this.current
    if (channel?.id !== message.channelId) return null
    setTimeout(() => {
      if (!channel.cursor || message.seq > channel.cursor.seq) void this.sync(channel)
    }, OWN_EVENT_MS)
    return { epoch, seq: message.seq }
  }

  edit(message, text) {
    return this.connection.request('message.edit', {
      channelId: message.channelId,
      messageId: message.id,
      text,
      ifVersion: message.version,
    })
  }

  remove(message) {
    return this.connection.request('message.delete', {
      channelId: message.channelId,
      messageId: message.id,
    })
  }

  /** Resolves with the id of the channel of these two. */
  async startDirect(userId) {
    const wish = { clientId: uuidv7(), type: 'direct', members: [{ userId }] }
    const { channel } = await this.connection.request('channel.create', wish)
    this.learnChannel({ channel, last: null, seq: 0 })
    return channel.id
  }
}
