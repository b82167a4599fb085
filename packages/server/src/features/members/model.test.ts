import { expect, test } from 'vitest'
import { chanceFrom } from '../../fixtures/chance.ts'
import { type Answer, clientId, openCore } from '../../fixtures/core.ts'

/** How many random lives of a group are held against the model; 20,000 on demand. */
const SEQUENCES = Number(process.env['MEMBER_SEQUENCES'] ?? 150)
const STEPS = 20
const PEOPLE = ['alice', 'bob', 'charlie', 'dana', 'erin'] as const

type Role = 'owner' | 'moderator' | 'member'
type Person = (typeof PEOPLE)[number]

/** The rules of a group as SPEC.md tells them, in as few words as possible. */
class Group {
  readonly roles = new Map<Person, Role>([
    ['alice', 'owner'],
    ['bob', 'moderator'],
    ['charlie', 'member'],
  ])
  readonly left = new Set<Person>()

  add(by: Person, who: Person, role: Role | undefined): string {
    const own = this.roles.get(by)
    if (!own) return 'channel.not_found'
    if (role !== undefined && role !== 'member' && own !== 'owner') return 'forbidden'
    if (!this.roles.has(who)) this.roles.set(who, role ?? 'member')
    this.left.delete(who)
    return 'done'
  }

  remove(by: Person, who: Person): string {
    const own = this.roles.get(by)
    if (!own) return 'channel.not_found'
    if (own === 'member') return 'forbidden'
    const role = this.roles.get(who)
    if (!role) return 'member.not_found'
    if (role === 'owner' && own !== 'owner') return 'forbidden'
    if (this.#isLastOwner(who)) return 'member.last_owner'
    this.roles.delete(who)
    return 'done'
  }

  update(by: Person, who: Person, role: Role): string {
    const own = this.roles.get(by)
    if (!own) return 'channel.not_found'
    if (own !== 'owner') return 'forbidden'
    const before = this.roles.get(who)
    if (!before) return 'member.not_found'
    if (before !== role && this.#isLastOwner(who)) return 'member.last_owner'
    this.roles.set(who, role)
    return 'done'
  }

  join(by: Person): string {
    return this.roles.has(by) ? 'done' : 'channel.not_found'
  }

  leave(by: Person): string {
    if (!this.roles.has(by)) return this.left.has(by) ? 'done' : 'channel.not_found'
    if (this.#isLastOwner(by)) return 'member.last_owner'
    this.roles.delete(by)
    this.left.add(by)
    return 'done'
  }

  speak(by: Person): string {
    return this.roles.has(by) ? 'done' : 'channel.not_found'
  }

  #isLastOwner(who: Person): boolean {
    const owners = [...this.roles].filter(([, role]) => role === 'owner')
    return owners.length === 1 && owners[0]?.[0] === who
  }
}

interface Step {
  readonly op: string
  readonly by: Person
  readonly input: object
  readonly expected: (group: Group) => string
}

function nextStep(chance: (below: number) => number): Step {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(chance(items.length))] as T
  const [by, who] = [pick(PEOPLE), pick(PEOPLE)]
  const role = pick(['owner', 'moderator', 'member'] as const)
  const given = chance(1) < 0.4 ? role : undefined
  return pick<Step>([
    {
      op: 'member.add',
      by,
      input: { members: [{ userId: who, role: given }] },
      expected: (group) => group.add(by, who, given),
    },
    {
      op: 'member.remove',
      by,
      input: { userId: who },
      expected: (group) => group.remove(by, who),
    },
    {
      op: 'member.update',
      by,
      input: { userId: who, role },
      expected: (group) => group.update(by, who, role),
    },
    { op: 'member.join', by, input: {}, expected: (group) => group.join(by) },
    { op: 'member.leave', by, input: {}, expected: (group) => group.leave(by) },
    {
      op: 'message.send',
      by,
      input: { clientId: clientId(), text: 'hi' },
      expected: (group) => group.speak(by),
    },
  ])
}

test('a group is what its rules say, whatever people do to it', {
  timeout: 3_600_000,
}, async () => {
  const limits = {
    channelsPerUser: 1e9,
    serverRequestsBurst: 1e9,
    requestsBurst: 1e9,
    sendsBurst: 1e9,
    editsBurst: 1e9,
  }
  await using core = await openCore({ limits })
  const users = new Map<Person, Awaited<ReturnType<typeof core.user>>>()
  for (const id of PEOPLE) users.set(id, await core.user(id))
  const call = (by: Person, op: string, input: object): Promise<Answer> =>
    (users.get(by) as NonNullable<ReturnType<typeof users.get>>).call(op as 'member.add', input)

  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const chance = chanceFrom(seed)
    const group = new Group()
    const { channel } = await call('alice', 'channel.create', {
      clientId: clientId(),
      members: [{ userId: 'bob', role: 'moderator' }, { userId: 'charlie' }],
    })
    const told: string[] = []
    for (let step = 0; step < STEPS; step++) {
      const { op, by, input, expected } = nextStep(chance)
      const outcome = await call(by, op, { channelId: channel.id, ...input }).then(
        () => 'done',
        (error) => error.code as string,
      )
      told.push(`${by} ${op} ${JSON.stringify(input)}`)
      expect(outcome, `seed ${seed}: ${told.join('; ')}`).toBe(expected(group))
    }
    const { members } = await core.server('member.list', { channelId: channel.id })
    const found = members.map(({ member }: Answer) => [member.userId, member.role])
    expect(found.sort(), `seed ${seed}: ${told.join('; ')}`).toEqual([...group.roles].sort())
    const { channel: counted } = await core.server('channel.get', { channelId: channel.id })
    expect(counted.memberCount).toBe(group.roles.size)
    await core.server('channel.delete', { channelId: channel.id })
  }
})
