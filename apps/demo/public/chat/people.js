/** Most people whose presence a connection may watch. */
const WATCHED = 500
/** A sign of life goes out at most so often. */
const ACTIVE_MS = 60_000

/** The profiles that this window knows, and who of them is there. */
export class People {
  #chat
  #watched = ''
  #presences = new Map()
  // Who opens the page is there.
  #activeAt = Date.now()

  constructor(chat) {
    this.#chat = chat
    this.users = new Map()
    for (const sign of ['keydown', 'pointerdown', 'pointermove'])
      addEventListener(sign, () => this.#active(), { passive: true })
  }

  nameOf(id) {
    return id === null ? 'The app' : (this.users.get(id)?.name ?? id)
  }

  /** 'online', 'away' or 'offline'. */
  stateOf(id) {
    return this.#presences.get(id)?.state ?? 'offline'
  }

  put(users) {
    for (const user of users) this.users.set(user.id, user)
  }

  /** After a welcome: everybody who may be talked to. */
  async meetAll() {
    this.#watched = ''
    if (Date.now() - this.#activeAt < ACTIVE_MS) this.#sayActive()
    await this.#ask({ limit: 100 })
  }

  async meet(ids) {
    const strangers = ids.filter((id) => id !== null && !this.users.has(id))
    if (strangers.length > 0) await this.#ask({ ids: strangers })
  }

  told({ presences }) {
    for (const presence of presences) this.#presences.set(presence.userId, presence)
  }

  async #ask(input) {
    const { users } = await this.#chat.connection
      .request('user.query', input)
      .catch(() => ({ users: [] }))
    this.put(users)
    this.#chat.changed()
    await this.#watch()
  }

  async #watch() {
    const userIds = [...this.users.keys()].filter((id) => id !== this.#chat.user).slice(0, WATCHED)
    const wish = userIds.join()
    if (wish === this.#watched) return
    this.#watched = wish
    const { presences } = await this.#chat.connection
      .request('presence.watch', { userIds })
      .catch(() => ({ presences: [] }))
    this.told({ presences })
    this.#chat.changed()
  }

  #active() {
    if (Date.now() - this.#activeAt >= ACTIVE_MS) this.#sayActive()
  }

  #sayActive() {
    this.#activeAt = Date.now()
    this.#chat.connection.tell({ type: 'active' })
  }
}
