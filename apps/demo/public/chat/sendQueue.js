import { uuidv7 } from './uuid.js'
import { inWords } from './words.js'

const RETRY = new Set([
  'rate_limited',
  'channel.slow_mode',
  'unavailable',
  'internal',
  'request_timeout',
])
/** The same message would be refused again, whatever happens. */
const HOPELESS = new Set(['bad_request', 'too_large', 'message.client_id_reused'])

/**
 * Messages on their way, kept over reloads. One at a time per channel, so that the own order survives retries; the
 * same client id each time, so that a retry is never a second message. An entry stays until its message is in the
 * channel's copy: waiting, failed, or stored at a place (`at`).
 */
export class SendQueue {
  #key
  #send
  #changed
  #busy = new Set()

  /** `send` resolves with the place of the message, `{ epoch, seq }`, or with null when there is nothing to wait for. */
  constructor({ user, send, changed }) {
    this.#key = `tertulia:${user}:sending`
    this.#send = send
    this.#changed = changed
    this.entries = JSON.parse(localStorage.getItem(this.#key) ?? '[]')
  }

  /** `threadRootId`: the thread that it is said in, or null for the channel. */
  add(channelId, text, threadRootId = null) {
    const clientId = uuidv7()
    const createdAt = Date.now()
    this.entries.push({
      channelId,
      text,
      clientId,
      threadRootId,
      createdAt,
      failed: null,
      at: null,
    })
    this.#save()
    void this.run(channelId)
  }

  retry(clientId) {
    const entry = this.entries.find((candidate) => candidate.clientId === clientId)
    if (!entry) return
    entry.failed = null
    this.#save()
    void this.run(entry.channelId)
  }

  /** Something before it in its channel has failed. */
  isHeldBack({ channelId, clientId }) {
    const own = this.entries.filter((entry) => entry.channelId === channelId)
    const failed = own.findIndex((entry) => entry.failed)
    return failed >= 0 && failed < own.findIndex((entry) => entry.clientId === clientId)
  }

  drop(clientId) {
    const entry = this.entries.find((candidate) => candidate.clientId === clientId)
    this.#keep((candidate) => candidate !== entry)
    if (entry) void this.run(entry.channelId)
  }

  runAll() {
    for (const id of new Set(this.entries.map((entry) => entry.channelId))) void this.run(id)
  }

  /** What failed holds back what was written after it, until somebody decides (SEND-5). */
  async run(channelId) {
    const entry = this.entries.find(
      (candidate) => candidate.channelId === channelId && !candidate.at,
    )
    if (!entry || entry.failed || this.#busy.has(channelId)) return
    this.#busy.add(channelId)
    let pause = 0
    try {
      const { clientId, text, threadRootId } = entry
      const reply = threadRootId ? { threadRootId } : {}
      entry.at = await this.#send({ channelId, clientId, text, ...reply })
      if (!entry.at) this.entries = this.entries.filter((candidate) => candidate !== entry)
    } catch (error) {
      if (RETRY.has(error.code)) pause = error.retryAfterMs ?? 0
      else entry.failed = { message: inWords(error), isHopeless: HOPELESS.has(error.code) }
    }
    this.#busy.delete(channelId)
    this.#save()
    if (pause) setTimeout(() => this.run(channelId), pause)
    else if (!entry.failed && !this.#isWaiting(entry)) void this.run(channelId)
  }

  /** Lets go of what the copy of a channel holds now, and sends again what a rewritten history may have lost. */
  settle(channelId, { cursor, messages }) {
    const held = new Set([...messages.values()].map((message) => message.clientId))
    for (const entry of this.entries)
      if (entry.channelId === channelId && cursor && entry.at?.epoch < cursor.epoch) entry.at = null
    const isDone = ({ at, clientId }) =>
      held.has(clientId) || (at && (!cursor || (at.epoch === cursor.epoch && at.seq <= cursor.seq)))
    this.#keep((entry) => entry.channelId !== channelId || !isDone(entry))
    void this.run(channelId)
  }

  #isWaiting(entry) {
    return this.entries.includes(entry) && !entry.at
  }

  #keep(wanted) {
    const kept = this.entries.filter(wanted)
    if (kept.length === this.entries.length) return
    this.entries = kept
    this.#save()
  }

  #save() {
    localStorage.setItem(this.#key, JSON.stringify(this.entries))
    this.#changed()
  }
}
