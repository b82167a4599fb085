import {
  ChatError,
  channelDeleted,
  createChannel,
  deleteChannel,
  findChannels,
  getChannel,
  getOrCreateChannel,
  type InputOf,
  listChannels,
} from '@tertulia/protocol'
import { byOf, nameOf } from '../../kernel/actor.ts'
import { type Handler, read, write } from '../../kernel/handlers.ts'
import { bodyHash, recall, remember } from '../../kernel/idempotency.ts'
import { afterPrefix, folded } from '../../store/folded.ts'
import {
  type ChannelRow,
  channelById,
  isDisabled,
  lockChannel,
  openChannel,
  publicChannel,
  saveChannel,
} from '../access/index.ts'
import { requiredUser, userById } from '../users/index.ts'
import { watchersOf } from '../watchers/index.ts'
import {
  type ActivityPage,
  channelByKey,
  channelsByActivity,
  channelsByName,
} from './channels.store.ts'
import { create } from './creation.ts'
import { listItem } from './listItem.ts'
import { truncate } from './truncation.ts'
import { update } from './updating.ts'

const NO_SCOPE = '0'

const createHandler = write(createChannel, async ({ input, actor, tx, announce, settings }) => {
  const { clientId, ...wish } = input
  const key = { scope: NO_SCOPE, actor: nameOf(actor), clientId }
  const hash = bodyHash(wish)
  const known = await recall(tx, key)
  if (known) {
    if (known.bodyHash !== hash) throw new ChatError('channel.client_id_reused')
    const channel = await channelById(tx, known.target)
    // The wish came true once and was undone since: making it again would undo the deletion.
    if (!channel || channel.deleted_at !== null) throw new ChatError('conflict')
    if (isDisabled(channel) && actor.kind === 'user') throw new ChatError('channel.disabled')
    return { channel: publicChannel(channel), created: false }
  }
  const { channel, created } = await create({ tx, announce, actor, settings, wish, key: null })
  remember(tx, key, { bodyHash: hash, target: channel.id })
  return { channel: publicChannel(channel), created }
})

const getOrCreate = write(getOrCreateChannel, async ({ input, actor, tx, announce, settings }) => {
  const { key, ...wish } = input
  const present = await channelByKey(tx, key)
  if (present) return { channel: publicChannel(present), created: false }
  const { channel, created } = await create({ tx, announce, actor, settings, wish, key })
  return { channel: publicChannel(channel), created }
})

const get = read(getChannel, async ({ input, actor, db, settings }) => {
  const { channel } = await openChannel(db, {
    actor,
    channelId: input.channelId,
    action: 'channel.see',
    settings,
  })
  const uid = actor.kind === 'user' ? actor.uid : null
  const item = await listItem(db, channel, { uid, epoch: settings.epoch })
  return { ...item, watchers: watchersOf(settings, channel) }
})

/** The memberships and messages follow in slices: see deletion.ts. From this commit on nobody can open the channel. */
const remove = write(deleteChannel, async ({ input, actor, tx, announce, settings }) => {
  const { channelId } = input
  const { channel, stream } = await lockChannel(tx, {
    actor,
    channelId,
    action: 'channel.delete',
    settings,
  })
  const slot = stream.take()
  saveChannel(tx, {
    ...channel,
    key: null,
    people_key: null,
    version: slot.seq,
    deleted_at: tx.now,
  })
  announce(slot, channelDeleted, { channelId }, { by: byOf(actor), closes: true })
  tx.audit({ actor: nameOf(actor), action: 'channel.deleted', target: channelId })
  return {}
})

const pinnedOf = ({ pinned }: InputOf<typeof listChannels>): ActivityPage['pinned'] => {
  if (pinned === undefined) return ''
  return pinned ? 'yes' : 'no'
}

const list = read(listChannels, async ({ input, actor, db, settings }) => {
  if (actor.kind === 'user' && input.userId !== undefined) throw new ChatError('forbidden')
  if (actor.kind === 'server' && input.userId === undefined)
    throw new ChatError('bad_request', {
      details: { fields: [{ path: 'userId', message: 'a server names the user' }] },
    })
  const uid =
    actor.kind === 'user' ? actor.uid : requiredUser(await userById(db, input.userId ?? '')).uid

  const from = input.name === undefined ? '' : folded(input.name)
  const { show, sort } = input
  const filter = { uid, type: input.type ?? '', from, sort, show, pinned: pinnedOf(input) }
  const question = { operation: listChannels.name, actor: nameOf(actor), filter }
  const [at, id] = input.cursor
    ? settings.cursors.read(question, input.cursor)
    : [Number.MAX_SAFE_INTEGER, '0']
  const rows = await channelsByActivity(db, {
    uid,
    type: filter.type,
    from,
    until: afterPrefix(from),
    show,
    pinned: filter.pinned,
    at: Number(at),
    id: String(id),
    limit: input.limit + 1,
  })
  const page = rows.slice(0, input.limit)
  const last = rows.length > input.limit ? page.at(-1) : undefined
  const { epoch } = settings
  const channels = await Promise.all(page.map((row) => listItem(db, row, { uid, epoch })))
  return {
    channels,
    next: last ? settings.cursors.write(question, [last.active_at, last.id]) : null,
  }
})

const find = read(findChannels, async ({ input, actor, db, settings }) => {
  const types = Object.entries(settings.channelTypes).flatMap(([type, config]) =>
    config.findable ? [type] : [],
  )
  const prefix = folded(input.name ?? '')
  const question = { operation: findChannels.name, actor: nameOf(actor), filter: { prefix, types } }
  const [name, id] = input.cursor ? settings.cursors.read(question, input.cursor) : ['', '0']
  const range = {
    from: prefix,
    until: afterPrefix(prefix),
    name: String(name),
    id: String(id),
    limit: input.limit + 1,
  }
  const rows: ChannelRow[] = []
  for (const type of types) rows.push(...(await channelsByName(db, { ...range, type })))
  const sorted = rows.sort(byFoldedName)
  const page = sorted.slice(0, input.limit)
  const last = sorted.length > input.limit ? page.at(-1) : undefined
  return {
    channels: page.map(publicChannel),
    next: last ? settings.cursors.write(question, [last.folded_name, last.id]) : null,
  }
})

function byFoldedName(a: ChannelRow, b: ChannelRow): number {
  const [left, right] = [a.folded_name ?? '', b.folded_name ?? '']
  // As the engines compare: byte by byte. JavaScript compares UTF-16 units, which is another order.
  if (left !== right) return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return BigInt(a.id) < BigInt(b.id) ? -1 : 1
}

export const channelHandlers: readonly Handler[] = [
  createHandler,
  getOrCreate,
  get,
  update,
  remove,
  truncate,
  list,
  find,
]
