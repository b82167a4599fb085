import { clientFrames, events, type OperationName, operations } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { theTarget } from '../src/cast.ts'
import { Line } from '../src/doors/line.ts'
import { Ears } from '../src/ears.ts'
import {
  actors,
  notYet,
  outsiders,
  type PresentActor,
  presentActors,
  users,
} from '../src/matrix/actors.ts'
import { type Ask, came, faceOf, overRest, StageLines } from '../src/matrix/asking.ts'
import { expectations } from '../src/matrix/expectations.ts'
import { type Consequence, frameExpectations, sampleFrames } from '../src/matrix/frames.ts'
import {
  buildStage,
  type Stage,
  stateOf,
  type Things,
  thingsThatNeverWere,
} from '../src/matrix/stage.ts'
import { until } from '../src/until.ts'

const names = operations.map(({ name }) => name)

describe('the matrix is whole', () => {
  test('every operation has its row, and no row is left over', () => {
    expect(Object.keys(expectations).sort()).toEqual([...names].sort())
    for (const [name, row] of Object.entries(expectations))
      expect(Object.keys(row).sort(), name).toEqual([...actors].sort())
  })

  test('every frame of a client has its row', () => {
    const frames = clientFrames.map((frame) => String(frame.meta()?.id)).sort()
    expect(Object.keys(frameExpectations).sort()).toEqual(frames)
    expect(Object.keys(sampleFrames).sort()).toEqual(frames)
  })

  test('nobody is "not yet" whose feature is there', () => {
    const words = [...names, ...events.map(({ name }) => name)]
    for (const [actor, feature] of Object.entries(notYet))
      expect(
        words.filter((word) => feature.test(word)),
        `${actor} is due: give it expectations`,
      ).toEqual([])
  })
})

/** Without a key to try, its cells are left out, and the count at the end says so. */
const canAct = (stage: Stage, actor: PresentActor): boolean =>
  actor !== 'readOnlyKey' || stage.bearers.readOnlyKey !== null

const isRead = (name: OperationName): boolean => expectations[name].readOnlyKey === 'done'

interface Door {
  readonly name: OperationName
  readonly among: readonly PresentActor[]
  readonly askOn: (stage: Stage) => { readonly ask: Ask; close(): Promise<void> }
}

/** Asks as everybody; those who are refused must have changed nothing. */
async function fill({ name, among, askOn }: Door): Promise<void> {
  const row = expectations[name]
  const stage = await buildStage()
  const before = await stateOf(stage)
  const door = askOn(stage)
  const cells: Record<string, string> = {}
  const wanted = Object.fromEntries(
    among.filter((actor) => canAct(stage, actor)).map((actor) => [actor, row[actor]]),
  )
  const ask = async (on: Stage, by: Ask, actor: PresentActor) => {
    cells[actor] = came(name, await by(name, { things: on, actor, bearer: on.bearers[actor] }), on)
  }
  const allowed = (Object.keys(wanted) as PresentActor[]).filter(
    (actor) => wanted[actor] === 'done',
  )
  for (const actor of Object.keys(wanted) as PresentActor[])
    if (!allowed.includes(actor)) await ask(stage, door.ask, actor)
  expect(await stateOf(stage), `${name} changed something for somebody who was refused`).toEqual(
    before,
  )
  for (const actor of allowed) {
    if (isRead(name)) await ask(stage, door.ask, actor)
    else {
      const own = await buildStage()
      const ownDoor = askOn(own)
      await ask(own, ownDoor.ask, actor)
      await ownDoor.close()
    }
  }
  await door.close()
  expect(cells).toEqual(wanted)
}

const restDoor = () => ({ ask: overRest, close: async () => {} })
const socketDoor = (stage: Stage) => new StageLines(stage)

describe('every operation over REST, by everybody [AUTH-7, AUTH-8, VIS-6]', () => {
  for (const { name } of operations.filter(({ rest }) => rest !== null))
    test(name, () => fill({ name, among: presentActors, askOn: restDoor }))
})

describe('every operation over the socket, by everybody who may be on one [AUTH-8, VIS-6]', () => {
  for (const { name } of operations.filter(({ socket }) => socket))
    test(name, () => fill({ name, among: users, askOn: socketDoor }))
})

/** Who was in the channel may hear why it ended (SYNC-9), and block whom they met there (BLOCK-1). */
const mayKnowMore = (name: OperationName, actor: PresentActor): boolean =>
  actor === 'removed' && ['sync.pull', 'interest.set', 'user.block'].includes(name)

describe('what is not yours and what never was are the same [VIS-6]', () => {
  const isHidden = (name: OperationName) =>
    outsiders.some((actor) => !['done', 'forbidden'].includes(expectations[name][actor]))
  for (const { name, rest, socket } of operations.filter(
    (operation) => isHidden(operation.name) && operation.name !== 'channel.list',
  ))
    test(name, async () => {
      const stage = await buildStage()
      const never = thingsThatNeverWere()
      const lines = socketDoor(stage)
      for (const actor of outsiders.filter((one) => !mayKnowMore(name, one)))
        for (const ask of [...(rest ? [overRest] : []), ...(socket ? [lines.ask] : [])]) {
          const face = async (things: Things) =>
            faceOf(await ask(name, { things, actor, bearer: stage.bearers[actor] }), things)
          expect(await face(stage), `${actor}: ${name}`).toBe(await face(never))
        }
      await lines.close()
    })
})

describe('every frame by everybody, as the first one and later [HELLO-1, HELLO-7, HELLO-10, BEAT-2]', () => {
  for (const [frame, { first, later }] of Object.entries(frameExpectations))
    test(frame, async () => {
      const stage = await buildStage()
      const cells: Record<string, Consequence> = {}
      const wanted = Object.fromEntries(
        presentActors.filter((actor) => canAct(stage, actor)).map((actor) => [actor, first[actor]]),
      )
      for (const actor of Object.keys(wanted) as PresentActor[])
        cells[actor] = await consequenceOf(stage, actor, { frame, welcomed: false })
      expect(cells).toEqual(wanted)
      for (const actor of users)
        expect(await consequenceOf(stage, actor, { frame, welcomed: true }), actor).toBe(later)
    })
})

interface Situation {
  readonly frame: string
  readonly welcomed: boolean
}

async function consequenceOf(
  stage: Stage,
  actor: PresentActor,
  { frame, welcomed }: Situation,
): Promise<Consequence> {
  const bearer = stage.bearers[actor]
  const headers = bearer === null ? {} : { Authorization: `Bearer ${bearer}` }
  const line = await Line.open({ url: theTarget().urls[0], ears: new Ears(), socket: { headers } })
  if (welcomed) {
    line.say(sampleFrames['HelloFrame'] ?? {})
    await line.sees('welcome')
  }
  const consequence = welcomed ? await later(line, frame) : await first(line, frame)
  await line.hangUp()
  line.check()
  return consequence
}

async function first(line: Line, frame: string): Promise<Consequence> {
  line.say(sampleFrames[frame] ?? {})
  return until(
    `something follows ${frame}`,
    () => line.closed?.code ?? (line.frames.some(({ type }) => type === 'welcome') && 'welcome'),
  )
}

async function later(line: Line, frame: string): Promise<Consequence> {
  if (frame === 'RequestFrame')
    return (await line.asks('channel.list', {})).ok ? 'response' : 'error'
  const before = line.frames.length
  line.say(sampleFrames[frame] ?? {})
  // Its answer comes behind whatever the frame brought about.
  await line.asks('channel.list', {})
  const [next] = line.frames.slice(before).filter(({ type }) => type !== 'heartbeat')
  return next?.type === 'error' ? 'error' : 'silence'
}

test('how many cells this matrix has', () => {
  const rest = operations.filter((operation) => operation.rest).length * presentActors.length
  const socket = operations.filter((operation) => operation.socket).length * users.length
  const frames = clientFrames.length * (presentActors.length + users.length)
  const left =
    theTarget().readKey === null
      ? ', without those of the read-only key: set CONFORMANCE_READ_KEY'
      : ''
  console.info(
    `${rest + socket + frames} cells: ${rest} over REST, ${socket} over the socket, ${frames} of frames${left}.`,
  )
  expect(rest + socket + frames).toBeGreaterThan(400)
})
