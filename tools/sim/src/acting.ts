import type { Template } from './template.ts'
import type { SimDevice } from './world/simDevice.ts'
import type { World } from './world/world.ts'

export interface Stage {
  readonly world: World
  readonly template: Template
  readonly devices: readonly SimDevice[]
}

export type Act = (stage: Stage, device: SimDevice) => void

/** Long texts make slow readers slow. */
export const textOf = ({ chance, climate }: World): string => {
  const word = `word ${Math.floor(chance.fraction() * 1e9)} `
  return climate.slowReaders ? word.repeat(chance.whole(1, 60)) : word
}

/** Mostly one of the newest, so that the same message changes again and again. */
export function messageOf({ world }: Stage, { client, userId }: SimDevice, own: boolean) {
  const { chance } = world
  const channel = chance.pickOrNone([...client.channels.values()])
  const messages = [...(channel?.copy.messages.values() ?? [])]
    .filter(({ author, deletedAt }) => deletedAt === undefined && (!own || author === userId))
    .sort((one, other) => one.seq - other.seq)
  return chance.pickOrNone(chance.happens(0.8) ? messages.slice(-2) : messages)
}

/** A call of the user that may get lost, and be made twice. */
export function call(stage: Stage, { client, name }: SimDevice, op: string, input: object): void {
  stage.world.tell(() => `${name} wants ${op} ${JSON.stringify(input)}`)
  client.call(op, input, (outcome) => {
    if (outcome.kind === 'lost' && stage.world.chance.happens(0.5)) client.call(op, input, () => {})
  })
}
