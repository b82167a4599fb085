import type { Cursor, Message } from '@tertulia/protocol'
import type { ChannelCopy } from '../client/channelCopy.ts'
import type { Device } from '../client/device.ts'
import { newestVersion } from '../client/messageParts.ts'
import type { OpenChannel } from '../client/openChannel.ts'
import {
  type ChannelHistory,
  isOvertaken,
  isSame,
  type MessageLife,
  restAt,
  stateAt,
} from './channelHistory.ts'
import type { Truth } from './truth.ts'
import { demand } from './violation.ts'

interface Seen {
  readonly cursor: Cursor
  readonly resets: number
  readonly versions: ReadonlyMap<string, number>
  /** Whether a message had to go (TRUNC-3). */
  isTruncated(id: string): boolean
}

/** Looks at the copies of a device after each of its transactions. */
export class CopyChecks {
  readonly #truth: Truth
  readonly #seen = new WeakMap<object, Seen>()
  readonly #known = new WeakSet<Message>()

  constructor(truth: Truth) {
    this.#truth = truth
  }

  own({ options, own, ownFollower }: Device): void {
    const { userId, device } = options
    const { cursor } = ownFollower
    if (!cursor) return
    const name = `${userId}/${device} own stream`
    this.#cursor(
      own,
      { cursor, resets: own.resets, versions: new Map(), isTruncated: () => false },
      name,
    )
    const history = this.#truth.histories.get(cursor.epoch)?.own.get(userId)
    demand(
      history !== undefined && cursor.seq <= history.head,
      'I-10',
      () => `${name}: cursor ${cursor.seq} is ahead of the store`,
    )
    // A deleted channel may leave the list at once, or with the event that follows.
    const stands = (id: string) =>
      this.#truth.histories.get(cursor.epoch)?.channels.get(id)?.isDeleted === false
    const expected = [...history.listAt(cursor.seq)].filter(([id]) => stands(id)).sort()
    const held = [...own.list]
      .filter(([id]) => stands(id))
      .map(([id, { me }]) => [id, me?.visibleFrom ?? 0])
      .sort()
    demand(
      isSame(expected, held),
      'I-4',
      () =>
        `${name}: at ${cursor.seq} the list is ${JSON.stringify(held)}, not ${JSON.stringify(expected)}`,
    )
  }

  channel({ options }: Device, { copy, follower }: OpenChannel): void {
    const { cursor } = follower
    if (!cursor) return
    const name = `${options.userId}/${options.device} channel ${copy.id}`
    const history = this.#truth.histories.get(cursor.epoch)?.channels.get(copy.id)
    demand(
      history !== undefined && cursor.seq <= history.head,
      'I-10',
      () => `${name}: cursor ${cursor.seq} is ahead of the store`,
    )
    const floor = history.floorAt(cursor.seq)
    const versions = new Map([...copy.messages].map(([id, { version }]) => [id, version]))
    // A reply whose root is not held may go when a truncation is told, wherever the root stands.
    const isTruncated = (id: string) => {
      const life = history.byMessage.get(id)
      return life === undefined || life.seq <= floor || (floor > 0 && !life.inChannel)
    }
    this.#cursor(copy, { cursor, resets: copy.resets, versions, isTruncated }, name)
    const stay = history.stayAt(options.userId, cursor.seq)
    demand(
      stay !== undefined,
      'I-9',
      () => `${name}: follows at ${cursor.seq}, without being in it then`,
    )
    const visibleFrom = Math.max(stay.visibleFrom, floor)
    this.#complete({ copy, cursor, history, visibleFrom, name })
    this.#rows({ copy, cursor, history, visibleFrom, name })
  }

  /** Cursors and versions never go back, but with a reset (I-5, I-6). */
  #cursor(copy: object, now: Seen, name: string): void {
    const before = this.#seen.get(copy)
    this.#seen.set(copy, now)
    if (!before) return
    const { epoch, seq } = now.cursor
    demand(epoch >= before.cursor.epoch, 'I-6', () => `${name}: the epoch went back to ${epoch}`)
    if (now.resets !== before.resets) return
    const back = epoch === before.cursor.epoch && seq < before.cursor.seq
    demand(!back, 'I-6', () => `${name}: the cursor went back from ${before.cursor.seq} to ${seq}`)
    for (const [id, version] of before.versions)
      demand(
        now.isTruncated(id) || (now.versions.get(id) ?? -1) >= version,
        'I-5',
        () => `${name}: message ${id} went back from version ${version} to ${now.versions.get(id)}`,
      )
  }

  /** No silent gap: every visible message of the ranges is there, in the state of the cursor or a newer one (I-4). */
  #complete({ copy, cursor, history, visibleFrom, name }: View): void {
    for (const { low, high } of copy.ranges.complete())
      for (const life of history.messages) {
        if (!life.inChannel) continue
        if (life.seq < low || life.seq > high || life.seq <= visibleFrom) continue
        if (history.tellsInWindows && mayBeTakenBack(history, life, cursor.seq)) continue
        const kept = copy.messages.get(life.id)
        demand(
          kept !== undefined,
          'I-4',
          () =>
            `${name}: message ${life.seq} is missing at cursor ${cursor.seq} in [${low}, ${high}]`,
        )
        const due = stateAt(life, cursor.seq)?.version ?? 0
        demand(
          kept.version >= due,
          'I-4',
          () =>
            `${name}: message ${life.seq} is at version ${kept.version}, not ${due}, at cursor ${cursor.seq} in [${low}, ${high}]`,
        )
        this.#rest(kept, life, { cursor, name })
      }
  }

  /** Its reactions and its summary are as new as the cursor, too. */
  #rest(kept: Message, life: MessageLife, { cursor, name }: Pick<View, 'cursor' | 'name'>): void {
    const due = restAt(life, cursor.seq)
    const isGone = life.states.at(-1)?.deletedAt !== undefined
    demand(
      isGone || kept.reactionsVersion >= due.reactions,
      'I-4',
      () =>
        `${name}: reactions to message ${life.seq} are at ${kept.reactionsVersion}, not ${due.reactions}, at cursor ${cursor.seq}`,
    )
    demand(
      (kept.thread?.version ?? 0) >= due.thread,
      'I-4',
      () =>
        `${name}: the thread of message ${life.seq} is at ${kept.thread?.version}, not ${due.thread}, at cursor ${cursor.seq}`,
    )
  }

  #rows({ copy, cursor, history, visibleFrom, name }: View): void {
    for (const message of copy.messages.values()) {
      demand(
        newestVersion(message) <= cursor.seq,
        'I-4',
        () =>
          `${name}: holds version ${newestVersion(message)} of message ${message.seq} at cursor ${cursor.seq}`,
      )
      const life = history.byMessage.get(message.id)
      demand(
        (life?.subjectSeq ?? message.seq) > visibleFrom,
        'I-9',
        () => `${name}: holds message ${message.seq} from before ${visibleFrom}`,
      )
      const now = life && stateAt(life, cursor.seq)
      const erased = now?.deletedAt !== undefined
      demand(
        !erased || message.text === null,
        'I-15',
        () => `${name}: still holds the text of message ${message.seq}, deleted at ${now?.version}`,
      )
      this.#committed(message, name)
    }
  }

  #committed(message: Message, name: string): void {
    const isEmptied = message.text === null && message.deletedAt === undefined
    if (isEmptied || this.#known.has(message)) return
    const known = [...this.#truth.histories.values()].some(({ channels }) =>
      channels.get(message.channelId)?.knows(message),
    )
    demand(
      known,
      'I-10',
      () => `${name}: holds a row that was never committed: ${JSON.stringify(message)}`,
    )
    this.#known.add(message)
  }
}

interface View {
  readonly copy: ChannelCopy
  readonly cursor: Cursor
  readonly history: ChannelHistory
  /** The higher of the floor of the channel and the beginning of the stay. */
  readonly visibleFrom: number
  readonly name: string
}

const mayBeTakenBack = (history: ChannelHistory, life: MessageLife, seq: number): boolean =>
  isOvertaken(life, seq) || life.seq <= history.floorAt(Number.POSITIVE_INFINITY)
