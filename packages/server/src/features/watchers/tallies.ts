/** What each node said last of each channel. Only channels that somebody watches. */
export class Tallies {
  readonly #channels = new Map<string, Map<number, number>>()

  note(channelId: string, node: number, users: number): void {
    const nodes = this.#channels.get(channelId) ?? new Map<number, number>()
    if (users === 0) nodes.delete(node)
    else nodes.set(node, users)
    if (nodes.size === 0) this.#channels.delete(channelId)
    else this.#channels.set(channelId, nodes)
  }

  of(channelId: string, node: number): number {
    return this.#channels.get(channelId)?.get(node) ?? 0
  }

  sum(channelId: string): number {
    const nodes = this.#channels.get(channelId)?.values() ?? []
    return [...nodes].reduce((sum, users) => sum + users, 0)
  }
}
