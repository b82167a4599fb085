import { describe, expect, test } from 'vitest'
import { mustStayOutOfTheLog, theTarget } from '../src/cast.ts'
import { outcomeOf } from '../src/doors/answer.ts'
import { callRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import {
  asked,
  frozenGrants,
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

interface Setting {
  readonly type: string
  readonly standing: Standing
  readonly state: 'open' | 'frozen'
}

async function buildScene({ type, standing, state }: Setting): Promise<Scene> {
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
  const say = async (author: string) => {
    const wish = { channelId: channel.id, clientId: clientId(), text: 'said', author }
    return (await appDoes('message.send', wish)).message.id
  }
  const [messageId, ownMessageId] = [await say(id('plain')), await say(id('actor'))]
  if (state !== 'open') await appDoes('channel.update', { channelId: channel.id, state })
  const bearer = goodToken(theTarget().secret, id('actor'))
  mustStayOutOfTheLog(bearer)
  return {
    channelId: channel.id,
    messageId,
    ownMessageId,
    plainId: id('plain'),
    newId: id('new'),
    bearer,
  }
}

/** What comes of every wish of theirs, each in a channel of its own. */
async function cellsOf(setting: Setting): Promise<Record<string, string>> {
  const cells: Record<string, string> = {}
  for (const wish of wishes) {
    const { bearer, ...place } = await buildScene(setting)
    const [name, input] = asked[wish](place)
    cells[wish] = outcomeOf(
      await patiently(() =>
        callRest({ url: theTarget().urls[0], bearer, ears: new Ears() }, name, input),
      ),
    )
  }
  return cells
}

function tells(title: string, state: Setting['state'], table: typeof grants): void {
  describe(title, () => {
    for (const [type, columns] of Object.entries(table))
      for (const standing of standings) {
        const column = columns[standing]
        if (!column) continue
        test(`${type}: ${standing}`, async () => {
          expect(await cellsOf({ type, standing, state })).toEqual(column)
        })
      }
  })
}

tells('who may do what, by channel type and role [VIS-8, VIS-9, SEND-11]', 'open', grants)
tells('the same in a frozen channel [STATE-2, STATE-3]', 'frozen', frozenGrants)
