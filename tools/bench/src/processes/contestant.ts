import type { Usage } from './answers.ts'
import { Peer, type PeerOptions } from './peer.ts'

/** A server that is measured, whatever it is made of. */
export interface Contestant extends AsyncDisposable {
  readonly port: number
  /** CPU seconds since its start. */
  usage(): Promise<Usage>
  /** Resident bytes. */
  rss(): Promise<number>
}

/** A server of ours or a peer, in Node. */
export class NodeContestant implements Contestant {
  readonly peer: Peer
  readonly port: number

  private constructor(peer: Peer, port: number) {
    this.peer = peer
    this.port = port
  }

  static async start(options: PeerOptions): Promise<NodeContestant> {
    const peer = new Peer(options)
    return new NodeContestant(peer, await peer.ask<number>('port'))
  }

  usage(): Promise<Usage> {
    return this.peer.ask<Usage>('usage')
  }

  rss(): Promise<number> {
    return this.peer.ask<number>('rss')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.peer[Symbol.asyncDispose]()
  }
}

/** CPU seconds that a server spends while something is done to it. */
export async function cpuOf(
  contestant: Pick<Contestant, 'usage'>,
  act: () => Promise<void>,
): Promise<number> {
  const before = await contestant.usage()
  await act()
  const after = await contestant.usage()
  return after.user + after.system - before.user - before.system
}
