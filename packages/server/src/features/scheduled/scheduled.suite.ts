import { expect } from 'vitest'
import { type Answer, clientId, openCore } from '../../fixtures/core.ts'

/** Alice has a channel with Bob in it, who says things later. */
export async function lunch(options: Parameters<typeof openCore>[0] = {}) {
  const core = await openCore(options)
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const members = [{ userId: 'bob' }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const channelId: string = channel.id
  const later = (ms: number, text = 'later') => ({
    channelId,
    clientId: clientId(),
    sendAt: core.clock.ms + ms,
    text,
  })
  const said = async () => {
    const { messages } = await alice.call('message.history', { channelId })
    return messages.flatMap(({ kind, text }: Answer) => (kind === 'text' ? [text] : []))
  }
  const list = async (by = bob) => (await by.call('scheduled.list')).scheduled
  return { core, alice, bob, channelId, later, said, list }
}

export const refused = (call: Promise<unknown>, code: string) =>
  expect(call).rejects.toMatchObject({ code })
