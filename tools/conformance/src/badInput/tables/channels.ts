import { LIMITS, type OperationName } from '@tertulia/protocol'
import { clientId, unknownId } from '../../names.ts'
import type { Caller, CallRow, Outcome } from '../rows.ts'
import type { World } from '../world.ts'

type Fields = Readonly<Record<string, unknown>>
type With = Fields | ((world: World) => Fields)

interface Case {
  readonly op: OperationName
  readonly good: (world: World) => Fields
}

const inGroup = ({ group }: World): Fields => ({ channelId: group })
const ofBob = ({ group, ids }: World): Fields => ({ channelId: group, userId: ids.bob })

const create: Case = { op: 'channel.create', good: () => ({ clientId: clientId() }) }
const byKey: Case = {
  op: 'channel.getOrCreate',
  good: ({ letters, ids }) => ({ key: letters, members: [{ userId: ids.alice }] }),
}
const get: Case = { op: 'channel.get', good: inGroup }
const update: Case = { op: 'channel.update', good: (world) => ({ ...inGroup(world), name: 'New' }) }
const remove: Case = { op: 'channel.delete', good: inGroup }
const truncate: Case = { op: 'channel.truncate', good: inGroup }
const add: Case = {
  op: 'member.add',
  good: ({ group, ids }) => ({ channelId: group, members: [{ userId: ids.watcher }] }),
}
const role: Case = {
  op: 'member.update',
  good: (world) => ({ ...ofBob(world), role: 'moderator' }),
}
const kick: Case = { op: 'member.remove', good: ofBob }
const join: Case = { op: 'member.join', good: inGroup }
const leave: Case = { op: 'member.leave', good: inGroup }
const list: Case = { op: 'member.list', good: inGroup }
const upsert: Case = { op: 'user.upsert', good: () => ({}) }

const refused =
  (expect: Outcome, by: Caller = 'alice') =>
  ({ op, good }: Case, name: string, more: With): CallRow => ({
    name: by === 'alice' ? name : `${name}, by ${by}`,
    op,
    by,
    input: (world) => ({
      ...good(world),
      ...(typeof more === 'function' ? more(world) : more),
    }),
    expect,
  })

const bad = refused('bad_request')
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ userId: `nobody-${index}` }))

const creating: readonly CallRow[] = [
  ...['Group', ' group', 'group ', '!group', 'a'.repeat(33), '', 'grüp', '../x', 'a b', '1a'].map(
    (type) => bad(create, `the type ${JSON.stringify(type)}`, { type }),
  ),
  ...['system', 'messaging', '__proto__', 'constructor', 'toString'].map((type) =>
    bad(create, `the type ${type}, which is none`, { type }),
  ),
  ...['public', 'live'].map((type) => refused('forbidden')(create, `the type ${type}`, { type })),
  bad(create, '101 members', { members: people(LIMITS.membersPerCall + 1) }),
  bad(create, 'the same member twice', ({ ids }) => ({
    members: [{ userId: ids.bob }, { userId: ids.bob, role: 'owner' }],
  })),
  ...['admin', 'Owner', ' owner', '', '__proto__', null, 1].map((value) =>
    bad(create, `a member with the role ${JSON.stringify(value)}`, ({ ids }) => ({
      members: [{ userId: ids.bob, role: value }],
    })),
  ),
  bad(create, 'a member with one more field', ({ ids }) => ({
    members: [{ userId: ids.bob, more: 1 }],
  })),
  refused('user.not_found')(create, 'a good member and one who is nobody', ({ ids }) => ({
    members: [{ userId: ids.bob }, { userId: 'nobody' }],
  })),
  refused('user.unreachable')(create, 'a member who is deactivated', ({ ids }) => ({
    members: [{ userId: ids.erin }],
  })),
  refused('channel.client_id_reused')(create, 'a client id of another channel', (world) => ({
    clientId: world.usedForChannel,
    name: 'Another',
  })),
  ...['x', '019a9f2e-8c4b-4d3a-9f10-2b6c5d4e3f21', null, 1].map((value) =>
    bad(create, `the client id ${JSON.stringify(value)}`, { clientId: value }),
  ),
  bad(create, 'a direct channel with nobody', { type: 'direct' }),
  bad(create, 'a direct channel with oneself', ({ ids }) => ({
    type: 'direct',
    members: [{ userId: ids.alice }],
  })),
  bad(create, 'a direct channel with a name', ({ ids }) => ({
    type: 'direct',
    name: 'Two',
    members: [{ userId: ids.watcher }],
  })),
  bad(create, 'a direct channel with an owner', ({ ids }) => ({
    type: 'direct',
    members: [{ userId: ids.watcher, role: 'owner' }],
  })),
  bad(create, 'a direct channel of eleven', ({ crowd }) => ({
    type: 'direct',
    members: crowd.map((userId) => ({ userId })),
  })),
  refused('user.not_found')(create, 'a direct channel with nobody known', {
    type: 'direct',
    members: people(1),
  }),
  refused('unauthenticated', 'nobody')(create, 'a good wish', {}),
  refused('forbidden', 'reader')(create, 'a good wish', {}),
  refused('forbidden')(byKey, 'a good wish', {}),
  ...['a b', 'a/b', '.', '..', 'me', 'é', 'a\u0000', 'x'.repeat(129), '*', '%'].map((key) =>
    refused('bad_request', 'app')(byKey, `the key ${JSON.stringify(key).slice(0, 20)}`, { key }),
  ),
  refused('forbidden', 'reader')(byKey, 'a good wish', {}),
  refused('bad_request', 'app')(byKey, 'a direct channel of one', { type: 'direct' }),
]

const direct = ({ direct: channelId }: World): Fields => ({ channelId })

const changing: readonly CallRow[] = [
  ...[get, update, remove, add, role, kick, leave, list].flatMap((one) => [
    refused('channel.not_found')(one, 'a channel of somebody else', ({ foreign }) => ({
      channelId: foreign,
    })),
    refused('channel.not_found')(one, 'a channel that never was', () => ({
      channelId: unknownId(),
    })),
    refused('unauthenticated', 'nobody')(one, 'a good wish', {}),
  ]),
  refused('channel.not_found')(join, 'a channel of somebody else', ({ foreign }) => ({
    channelId: foreign,
  })),
  refused('channel.not_found', 'charlie')(join, 'a channel for members only', {}),
  ...[update, remove, role, kick].map((one) =>
    refused('forbidden', 'bob')(one, 'without the right', ({ ids }) =>
      one === role || one === kick ? { userId: ids.alice } : {},
    ),
  ),
  ...[update, remove, add, role, kick].map((one) =>
    refused('forbidden', 'reader')(one, 'a good wish', {}),
  ),
  bad(update, 'a name that cannot be seen', { name: '\u200b' }),
  bad(update, 'an empty name', { name: '' }),
  bad(update, 'custom fields of 9 KB', { custom: { a: 'x'.repeat(9000) } }),
  bad(update, 'another type', { type: 'public' }),
  ...[
    {},
    { seconds: 5 },
    { burst: 1 },
    { seconds: 0, burst: 1 },
    { seconds: LIMITS.slowSeconds + 1, burst: 1 },
    { seconds: 1.5, burst: 1 },
    { seconds: '5', burst: 1 },
    { seconds: 5, burst: 0 },
    { seconds: 5, burst: LIMITS.slowBurst + 1 },
    { seconds: 5, burst: 1, more: 1 },
    true,
    5,
    [],
  ].map((slowMode) => bad(update, `the slow mode ${JSON.stringify(slowMode)}`, { slowMode })),
  refused('forbidden')(update, 'the name of a direct channel', direct),
  ...['', 'Open', 'shut', 'deleted', null, true, 1].map((state) =>
    bad(update, `the state ${JSON.stringify(state)}`, { state }),
  ),
  refused('forbidden')(update, 'disabling a channel', { state: 'disabled' }),
  refused('forbidden')(update, 'freezing a direct channel', (world) => ({
    ...direct(world),
    state: 'frozen',
  })),
  refused('forbidden')(update, 'slow mode in a direct channel', (world) => ({
    ...direct(world),
    slowMode: { seconds: 5, burst: 1 },
  })),
  refused('forbidden')(remove, 'a direct channel', direct),
  ...['1', -1, 1.5, null, [], 2 ** 53].map((upTo) =>
    bad(truncate, `up to ${JSON.stringify(upTo)}`, { upTo }),
  ),
  bad(truncate, 'a field more', { from: 1 }),
  refused('forbidden')(truncate, 'a direct channel', direct),
  refused('forbidden', 'bob')(truncate, 'without being an owner', {}),
  refused('channel.not_found', 'charlie')(truncate, 'by a stranger', {}),
]

const members: readonly CallRow[] = [
  bad(add, 'nobody', { members: [] }),
  bad(add, '101 people', { members: people(LIMITS.membersPerCall + 1) }),
  bad(add, 'the same one twice', ({ ids }) => ({
    members: [{ userId: ids.watcher }, { userId: ids.watcher }],
  })),
  bad(add, 'somebody with a role that is none', ({ ids }) => ({
    members: [{ userId: ids.watcher, role: 'root' }],
  })),
  refused('user.not_found')(add, 'somebody known and nobody', ({ ids }) => ({
    members: [{ userId: ids.watcher }, { userId: 'nobody' }],
  })),
  refused('user.unreachable')(add, 'somebody deactivated', ({ ids }) => ({
    members: [{ userId: ids.erin }],
  })),
  refused('forbidden', 'bob')(add, 'somebody as an owner, without the right', ({ ids }) => ({
    members: [{ userId: ids.watcher, role: 'owner' }],
  })),
  ...[add, role, kick, leave].map((one) =>
    refused('channel.immutable_people')(one, 'in a direct channel', direct),
  ),
  ...['admin', 'OWNER', 'owner ', '', null, 1, ['owner'], undefined].map((value) =>
    bad(role, `the role ${JSON.stringify(value)}`, { role: value }),
  ),
  refused('member.not_found')(role, 'somebody who is no member', ({ ids }) => ({
    userId: ids.watcher,
  })),
  refused('member.last_owner')(role, 'the last owner', ({ ids }) => ({ userId: ids.alice })),
  refused('member.not_found')(kick, 'somebody who is no member', ({ ids }) => ({
    userId: ids.watcher,
  })),
  refused('member.not_found')(kick, 'nobody', { userId: 'nobody' }),
  refused('member.last_owner')(leave, 'the last owner', {}),
]

const upserts: readonly CallRow[] = [
  ['nobody', []],
  ['101 people', Array.from({ length: 101 }, (_, index) => ({ id: `evil-${index}` }))],
  ['the same one twice', [{ id: 'evil' }, { id: 'evil', name: 'b' }]],
  ['somebody without an id', [{ name: 'evil' }]],
  ['somebody called me', [{ id: 'me' }]],
  ['an id with a slash', [{ id: 'a/b' }]],
  ['one more field', [{ id: 'evil', admin: true }]],
  ['no list', { length: 1 }],
  ['null', [null]],
].map(([name, users]) => refused('bad_request', 'app')(upsert, String(name), { users }))

const batches: readonly CallRow[] = [
  ...upserts,
  refused('bad_request', 'app')(upsert, 'one good and one bad', ({ letters }) => ({
    users: [{ id: `${letters}-new` }, { id: 'a b' }],
  })),
  refused('bad_request', 'app')(upsert, 'a change of alice and one bad name', ({ ids }) => ({
    users: [
      { id: ids.alice, name: 'Changed' },
      { id: ids.bob, name: '\u202eevil' },
    ],
  })),
  ...(['alice', 'reader'] as const).map((by) =>
    refused('forbidden', by)(upsert, 'a good wish', ({ letters }) => ({
      users: [{ id: `${letters}-new` }],
    })),
  ),
  ...(['user.deactivate', 'user.reactivate', 'user.revokeTokens'] as const).flatMap((op) => {
    const one: Case = { op, good: ({ ids }) => ({ userId: ids.bob }) }
    return [
      refused('forbidden')(one, 'somebody else', {}),
      refused('forbidden', 'reader')(one, 'somebody', {}),
      refused('user.not_found', 'app')(one, 'nobody', { userId: 'nobody' }),
      refused('bad_request', 'app')(one, 'an id that is none', { userId: 'a b' }),
    ]
  }),
]

export const channels: readonly CallRow[] = [...creating, ...changing, ...members, ...batches]
