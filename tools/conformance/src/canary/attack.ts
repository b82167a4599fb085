import { type OperationName, operations } from '@tertulia/protocol'
import { theTarget } from '../cast.ts'
import { helloFrame } from '../doors/hello.ts'
import { Line } from '../doors/line.ts'
import { callRest, fetchRest } from '../doors/rest.ts'
import type { Ears } from '../ears.ts'
import { inputs } from '../matrix/inputs.ts'
import { clientId } from '../names.ts'
import { patiently } from '../voice.ts'
import type { World } from './world.ts'

/** Somebody who wants to know what is not theirs. */
export interface Attacker {
  readonly id: string
  readonly bearer: string | null
  readonly ears: Ears
  /** Operations that would end the attack. */
  readonly spares?: readonly OperationName[]
}

type Question = readonly [OperationName, object]

/** Every operation with everything that an attacker could know of the victim's. */
function questionsAbout(
  { victim, channelId, directId, letters, messages, scheduledId }: World,
  { bearer }: Attacker,
): Question[] {
  const questions: Question[] = []
  const channels = [channelId, directId]
  for (const at of channels)
    for (const { id: messageId } of messages) {
      const things = {
        channelId: at,
        messageId,
        witnessId: victim.id,
        ownerId: victim.id,
        strangerId: victim.id,
        scheduledId,
        letters: `canary${letters}`,
      }
      for (const { name } of operations)
        questions.push([name, inputs[name]({ things, actor: 'nonMember', bearer })])
      questions.push([
        'message.send',
        { channelId: at, clientId: clientId(), text: 'as you said', quotedId: messageId },
      ])
      questions.push(['message.edit', { channelId: at, messageId, text: 'x', ifVersion: 1 }])
      questions.push(['message.history', { channelId: at, around: 5 }])
    }
  const prefix = `canary${letters}`
  for (const name of [prefix, prefix.toUpperCase(), 'c'])
    questions.push(['user.query', { name }], ['channel.find', { name }], ['channel.list', { name }])
  for (const at of channels) {
    questions.push(
      ['message.history', { channelId: at, after: 0, limit: 100 }],
      ['message.history', { channelId: at, before: 1000, limit: 100 }],
      ['sync.pull', { user: null, channels: [{ id: at, epoch: 1, seq: 1 }] }],
      ['sync.pull', { user: { epoch: 1, seq: 0 }, channels: [{ id: at, epoch: 9, seq: 9 }] }],
      ['interest.set', { channels: [{ id: at, epoch: 1, seq: 1, interest: 'list' }] }],
      ['interest.set', { channels: [{ id: at, epoch: 1, seq: 1 }] }],
      ['member.list', { channelId: at, role: 'owner' }],
      [
        'message.send',
        {
          channelId: at,
          clientId: clientId(),
          text: 'x',
          mentions: [{ kind: 'user', userId: victim.id, start: 0, length: 1 }],
        },
      ],
    )
  }
  questions.push(['user.query', { ids: [victim.id] }], ['channel.list', { userId: victim.id }])
  return questions
}

/** Wrong in form, so that error bodies have something to tell. */
const malformed = (questions: readonly Question[]): Question[] =>
  questions.map(([name, input]) => [
    name,
    { ...input, more: 1, channelId: 'x', limit: 'many', members: 5 },
  ])

/** Asks everything over REST, and over a line of the attacker's own when there is one. */
export async function attack(world: World, attacker: Attacker, line: Line | null): Promise<void> {
  const [url] = theTarget().urls
  const all = questionsAbout(world, attacker).filter(([name]) => !attacker.spares?.includes(name))
  for (const [name, input] of [...all, ...malformed(all.slice(0, operations.length))]) {
    const { rest, socket } = operations.find((operation) => operation.name === name) ?? {}
    if (rest) await patiently(() => callRest({ url, ...attacker }, name, input))
    if (line && socket && !line.closed && name !== 'session.renew')
      await patiently(() => line.asks(name, input))
  }
  for (const path of [
    '/metrics',
    '/healthz',
    '/readyz',
    '/v1/openapi.json',
    '/v1',
    '/',
    '/v1/channels/',
    `/v1/channels/${world.channelId}/nothing`,
  ])
    await fetchRest({ url, ...attacker }, { method: 'GET', path }).catch((error: unknown) => {
      if (!(error instanceof SyntaxError)) throw error
    })
}

/** Everything at which an attacker can listen: both channels on lines of every interest, with and without cursors. */
export async function subscribe(
  { channelId, directId }: World,
  { bearer, ears }: Attacker,
): Promise<Line[]> {
  const [url] = theTarget().urls
  const lines: Line[] = []
  for (const interest of ['full', 'list'] as const)
    for (const cursor of [{}, { epoch: 1, seq: 1 }]) {
      const line = await Line.open({ url, ears })
      line.say(
        helloFrame({
          ...(bearer === null ? {} : { token: bearer }),
          channels: [channelId, directId].map((id) => ({ id, interest, ...cursor })),
        }),
      )
      lines.push(line)
      if (bearer === null) await line.isClosed()
      else await line.sees('welcome')
      if (bearer !== null)
        await patiently(() =>
          line.asks('interest.set', {
            channels: [channelId, directId].map((id) => ({ id, interest })),
          }),
        )
    }
  return lines
}
