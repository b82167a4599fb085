import type { UserActor } from '../../kernel/actor.ts'
import type { Ground } from '../../kernel/companions.ts'
import { Later } from '../../kernel/later.ts'
import type { Audience } from '../../ports/companion.ts'
import { openChannel } from '../access/index.ts'
import type { Blocklists } from '../blocks/index.ts'
import type { Known } from './known.ts'

interface Count {
  readonly online: number
  /** By uid, those of them whom somebody may have to learn nothing of: few. */
  readonly involved: readonly string[]
}

/** How many are online in large channels: counted by who watches here, once in a while for all who ask. */
export class Counting {
  readonly #ground: Ground
  readonly #known: Known
  readonly #blocklists: Pick<Blocklists, 'hides' | 'isInvolved'>
  readonly #counts = new Map<string, Count>()
  readonly #old: Later<string>
  #audience: Audience | null = null

  constructor(ground: Ground, known: Known, blocklists: Pick<Blocklists, 'hides' | 'isInvolved'>) {
    this.#ground = ground
    this.#known = known
    this.#blocklists = blocklists
    this.#old = new Later({
      ...ground,
      ms: ground.limits.presenceCountMs,
      run: (channelId) => this.#counts.delete(channelId),
    })
  }

  meet(audience: Audience): void {
    this.#audience = audience
  }

  /** Null where its people can be watched. Without those of whom the actor must learn nothing. */
  async count(actor: UserActor, channelId: string): Promise<number | null> {
    const { engine, settings, limits } = this.#ground
    const wish = { actor, channelId, action: 'channel.read', settings } as const
    const { channel } = await engine.read((db) => openChannel(db, wish))
    if (channel.member_count <= limits.presenceCountMembers) return null
    const { online, involved } = this.#counts.get(channelId) ?? this.#countAnew(channelId)
    return online - involved.filter((uid) => this.#blocklists.hides(actor.uid, uid)).length
  }

  /** Those whom it counts, at this moment. */
  hereIn(channelId: string): readonly string[] {
    const people = this.#audience?.people(channelId) ?? []
    return [...people].filter((uid) => this.#known.stateOf(uid) === 'online')
  }

  stop(): void {
    this.#old.clear()
  }

  #countAnew(channelId: string): Count {
    const here = this.hereIn(channelId)
    const involved = here.filter((uid) => this.#blocklists.isInvolved(uid))
    const count = { online: here.length, involved }
    this.#counts.set(channelId, count)
    this.#old.put(channelId)
    return count
  }
}
