import { expect } from 'vitest'
import type { Output } from '../contract.ts'
import type { Answer } from '../doors/answer.ts'
import { openWith } from '../doors/hello.ts'
import { callRest } from '../doors/rest.ts'
import { Ears } from '../ears.ts'
import { clientId } from '../names.ts'
import { patiently } from '../voice.ts'
import { DEADLINE_MS, expectSameProcess } from './harm.ts'
import type { KeptRow } from './rows.ts'
import { openWorld } from './world.ts'

type Sent = Output<'message.send'>['message']

/** Sends a text by both doors and reads it back by both: it is what it was, and nothing else was written. */
export async function isKept({ text }: KeptRow): Promise<void> {
  const world = await openWorld()
  const start = performance.now()
  const { url, tokens, group: channelId } = world
  const ears = new Ears()
  const rest = { url, bearer: tokens.alice, ears }
  const { line } = await openWith({ token: tokens.alice }, { url, ears })
  const wish = () => ({ channelId, clientId: clientId(), text })
  const sent = [
    await messageIn(patiently(() => callRest(rest, 'message.send', wish()))),
    await messageIn(patiently(() => line.asks('message.send', wish()))),
  ]
  const seqs = sent.map(({ seq }) => seq)
  expect(seqs[1]).toBe((seqs[0] ?? 0) + 1)
  for (const { id: messageId } of sent) {
    const asked = { channelId, messageId }
    expect(await messageIn(callRest(rest, 'message.get', asked))).toMatchObject({ text })
    expect(await messageIn(line.asks('message.get', asked))).toMatchObject({ text })
  }
  await line.hangUp()
  expect(performance.now() - start).toBeLessThan(DEADLINE_MS)
  await expectSameProcess(world)
}

async function messageIn(asking: Promise<Answer>): Promise<Sent> {
  const answer = await asking
  if (!answer.ok) throw new Error(`The text was refused: ${JSON.stringify(answer.error)}`)
  return (answer.data as { readonly message: Sent }).message
}
