import { uuidv7 } from './uuid.js'

const RETRY = new Set(['rate_limited', 'unavailable', 'internal'])

/**
 * Messages on their way, kept over reloads. One at a time per channel, so that the own order survives retries; the
 * same client id each time, so that a retry is never a second message.
 */
export class SendQueue {
  #key
  #send
  #changed
  #busy = new Set()

  constructor({ user, send, changed }) {
    this.#key = `tertulia:${user}:sending`
    this.#send = send
    this.#changed = changed
    this.entries = JSON.parse(localStorage.getItem(this.#key) ?? '[]')
  }

  add(channelId, text) {
    this.entries.push({ channelId, text, clientId: uuidv7(), createdAt: Date.now(), failed: null })
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

  drop(clientId) {
    this.entries = this.entries.filter((entry) => entry.clientId !== clientId)
    this.#save()
  }

  runAll() {
    for (const id of new Set(this.entries.map((entry) => entry.channelId))) void this.run(id)
  }

  async run(channelId) {
    const entry = this.entries.find(
      (candidate) => candidate.channelId === channelId && !candidate.failed,
    )
    if (!entry || this.#busy.has(channelId)) return
    this.#busy.add(channelId)
    let pause = 0
    try {
      const { channelId: to, clientId, text } = entry
      await this.#send({ channelId: to, clientId, text })
      this.drop(clientId)
    } catch (error) {
      if (!RETRY.has(error.code)) {
        entry.failed = error.message
        this.#save()
      } else pause = error.retryAfterMs ?? 0
    }
    this.#busy.delete(channelId)
    if (pause) setTimeout(() => this.run(channelId), pause)
    else if (!this.entries.includes(entry) || entry.failed) void this.run(channelId)
  }

  #save() {
    localStorage.setItem(this.#key, JSON.stringify(this.entries))
    this.#changed()
  }
}
