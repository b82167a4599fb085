import type { UserActor } from '../../kernel/actor.ts'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Audience } from '../../ports/companion.ts'
import { openChannel } from '../access/index.ts'
import type { Known } from './known.ts'

/** How many are online in large channels: counted by who watches here, once in a while for all who ask. */
export class Counting {
  readonly #ground: Ground
  readonly #known: Known
  readonly #counts = new Map<string, number>()
  readonly #old: Later<string>
  #audience: Audience | null = null

  constructor(ground: Ground, known: Known) {
    this.#ground = ground
    this.#known = known
    this.#old = new Later({
      ...ground,
      ms: ground.limits.presenceCountMs,
      run: (channelId) => this.#counts.delete(channelId),
    })
  }

  meet(audience: Audience): void {
    this.#audience = audience
  }

  /** Null where its people can be watched. */
  async count(actor: UserActor, channelId: string): Promise<number | null> {
    const { engine, settings, limits } = this.#ground
    const wish = { actor, channelId, action: 'channel.read', settings } as const
    const { channel } = await engine.read((db) => openChannel(db, wish))
    if (channel.member_count <= limits.presenceCountMembers) return null
    return this.#counts.get(channelId) ?? this.#countAnew(channelId)
  }

  stop(): void {
    this.#old.clear()
  }

  #countAnew(channelId: string): number {
    const people = this.#audience?.people(channelId) ?? []
    let online = 0
    for (const uid of people) if (this.#known.stateOf(uid) === 'online') online++
    this.#counts.set(channelId, online)
    this.#old.put(channelId)
    return online
  }
}
