import { describe, expect, test } from 'vitest'
import { mustStayOutOfTheLog, theTarget } from '../src/cast.ts'
import { outcomeOf } from '../src/doors/answer.ts'
import { callRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import {
  asked,
  grants,
  type Place,
  type Standing,
  standings,
  wishes,
} from '../src/matrix/grants.ts'
import { appDoes } from '../src/matrix/stage.ts'
import { clientId, randomLetters } from '../src/names.ts'
import { goodToken } from '../src/tokens.ts'
import { patiently } from '../src/voice.ts'

interface Scene extends Place {
  readonly bearer: string
}

async function buildScene(type: string, standing: Standing): Promise<Scene> {
  const letters = randomLetters(10)
  const id = (role: string) => `${role}-${letters}`
  await appDoes('user.upsert', {
    users: ['actor', 'plain', 'new', 'keeper'].map((role) => ({ id: id(role) })),
  })
  const role = standing === 'stranger' || type === 'direct' ? 'member' : standing
  const actor = standing === 'stranger' ? [] : [{ userId: id('actor'), role }]
  const keeper =
    type === 'direct' || standing === 'owner'
      ? []
      : [{ userId: id('keeper'), role: 'owner' as const }]
  const other = type === 'direct' && standing === 'stranger' ? [{ userId: id('keeper') }] : []
  const members = [...actor, ...keeper, ...other, { userId: id('plain') }]
  const { channel } = await appDoes('channel.create', { clientId: clientId(), type, members })
  const { message } = await appDoes('message.send', {
    channelId: channel.id,
    clientId: clientId(),
    text: 'said',
    author: id('plain'),
  })
  const bearer = goodToken(theTarget().secret, id('actor'))
  mustStayOutOfTheLog(bearer)
  return {
    channelId: channel.id,
    messageId: message.id,
    plainId: id('plain'),
    newId: id('new'),
    bearer,
  }
}

describe('who may do what, by channel type and role [VIS-8, VIS-9, SEND-11]', () => {
  for (const [type, columns] of Object.entries(grants))
    for (const standing of standings) {
      const column = columns[standing]
      if (!column) continue
      test(`${type}: ${standing}`, async () => {
        const cells: Record<string, string> = {}
        for (const wish of wishes) {
          const scene = await buildScene(type, standing)
          const [name, input] = asked[wish](scene)
          cells[wish] = outcomeOf(
            await patiently(() =>
              callRest(
                { url: theTarget().urls[0], bearer: scene.bearer, ears: new Ears() },
                name,
                input,
              ),
            ),
          )
        }
        expect(cells).toEqual(column)
      })
    }
})
