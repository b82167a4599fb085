import { LIMITS } from '@tertulia/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../src/doors/answer.ts'
import { openWith } from '../src/doors/hello.ts'
import { callRest } from '../src/doors/rest.ts'
import { Ears } from '../src/ears.ts'
import { expectSilentLog } from '../src/log.ts'
import { clientId, randomLetters } from '../src/names.ts'
import { startOwn, type Target } from '../src/target.ts'
import { goodToken } from '../src/tokens.ts'
import { obey } from '../src/until.ts'

/** About the default limits, and so about a server of our own only: an operator may have changed those of another. */
describe.skipIf(process.env['CONFORMANCE_URL'])(
  'with the limits of a server that was not tuned',
  () => {
    let target: Target
    const tokens: string[] = []
    beforeAll(async () => {
      target = await startOwn('default limits')
    })
    afterAll(async () => {
      await target.stop()
      expectSilentLog(target.log(), tokens)
    })

    async function talkers() {
      const letters = randomLetters(10)
      const [alice, bob] = [`alice-${letters}`, `bob-${letters}`]
      const url = target.urls[0]
      const app = { url, bearer: target.apiKey, ears: new Ears() }
      await callRest(app, 'user.upsert', { users: [{ id: alice }, { id: bob }] })
      const answer = await callRest(app, 'channel.create', {
        clientId: clientId(),
        members: [{ userId: alice }, { userId: bob }],
      })
      const channelId = answer.ok ? (answer.data as { channel: { id: string } }).channel.id : ''
      const wish = () => ({ channelId, clientId: clientId(), text: 'hi' })
      const caller = (id: string) => {
        const bearer = goodToken(target.secret, id)
        tokens.push(bearer)
        return { url, bearer, ears: new Ears() }
      }
      return { alice: caller(alice), bob: caller(bob), wish, channelId }
    }

    const refusals = (answers: readonly Answer[]) =>
      answers.flatMap((answer) => (answer.ok ? [] : [answer.error]))

    test('a burst passes, the next send is refused with the time to wait, which is enough [RATE-1, RATE-3, REST-7]', async () => {
      const { alice, bob, wish, channelId } = await talkers()
      const answers = await Promise.all(
        Array.from({ length: LIMITS.sendsBurst + 5 }, () =>
          callRest(alice, 'message.send', wish()),
        ),
      )
      const refused = refusals(answers)
      expect(refused.length).toBeGreaterThan(0)
      for (const { code, retryAfterMs, details } of refused) {
        expect(code).toBe('rate_limited')
        expect(retryAfterMs).toBeLessThanOrEqual(1000 / LIMITS.sendsPerSecond + 1)
        expect(details).toMatchObject({ scope: 'send' })
      }
      expect((await callRest(alice, 'message.history', { channelId })).ok, 'another class').toBe(
        true,
      )
      expect((await callRest(bob, 'message.send', wish())).ok, 'another user').toBe(true)
      await obey(refused.at(-1)?.retryAfterMs ?? 0)
      expect((await callRest(alice, 'message.send', wish())).ok, 'after the wait').toBe(true)
    })

    test('both doors, and every connection, share one bucket [RATE-1]', async () => {
      const { alice, wish } = await talkers()
      const { line } = await openWith({ token: alice.bearer }, alice)
      const { line: another } = await openWith({ token: alice.bearer }, alice)
      const began = performance.now()
      const doors = [
        () => callRest(alice, 'message.send', wish()),
        () => line.asks('message.send', wish()),
        () => another.asks('message.send', wish()),
      ]
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => doors.map((send) => send())).flat(),
      )
      const seconds = (performance.now() - began) / 1000
      expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(
        LIMITS.sendsBurst + Math.ceil(seconds * LIMITS.sendsPerSecond) + 1,
      )
    })

    test('who goes on in spite of refusals is cut off [RATE-5]', async () => {
      const { alice, wish } = await talkers()
      const { line } = await openWith({ token: alice.bearer }, alice)
      for (let index = 0; index < LIMITS.sendsBurst + LIMITS.violations + 10; index++)
        line.asks('message.send', wish()).catch(() => {})
      expect(await line.isClosed()).toMatchObject({ code: 4429 })
    })
  },
)
