import { expect } from 'vitest'
import { story } from '../src/cast.ts'
import { HandshakeRefused } from '../src/doors/handshake.ts'
import { helloFrame, openWith } from '../src/doors/hello.ts'
import { Line } from '../src/doors/line.ts'
import { fetchRest } from '../src/doors/rest.ts'
import { unknownId } from '../src/names.ts'
import { goodToken } from '../src/tokens.ts'

story(
  'the welcome says who and where one is [HELLO-8, HELLO-9]',
  async ({ alice, bob, opensGroup, charlie, letters }) => {
    const { id } = await opensGroup([bob], { name: `Team ${letters}` })
    const said = await bob.says(id, 'hi')
    const { welcome } = await alice.connects({
      user: null,
      channels: [
        { id, interest: 'full' },
        { id: unknownId(), interest: 'full' },
      ],
    })
    expect(welcome).toMatchObject({
      protocol: 1,
      me: { id: alice.id },
      user: {
        status: 'reset',
        reason: 'first',
        joined: [{ channel: { id } }],
        user: { id: alice.id },
      },
      channels: [
        { id, status: 'reset', reason: 'first', messages: [{ id: said.id }] },
        { status: 'gone', reason: 'unknown' },
      ],
    })
    expect(Math.abs(welcome.serverTime - Date.now())).toBeLessThan(60_000)
    expect(welcome.tokenExpiresAt).toBeGreaterThan(Date.now())
    expect(welcome.limits.frameBytes).toBeGreaterThanOrEqual(65_536)

    const { welcome: stranger } = await charlie.connects({
      channels: [
        { id, interest: 'full' },
        { id, interest: 'list' },
      ].slice(0, 1) as never,
    })
    expect(stranger).toMatchObject({
      user: { joined: [] },
      channels: [{ id, status: 'gone', reason: 'unknown' }],
    })
    await charlie.seesNothingOf(letters, said.id)
  },
)

story(
  'hello with cursors is the resume [HELLO-6, HELLO-5, SYNC-1]',
  async ({ alice, bob, opensGroup }) => {
    const { id } = await opensGroup([bob])
    const one = await bob.says(id, 'one')
    const own = alice.own?.position ?? null
    await bob.says(id, 'two')
    const { welcome, line } = await alice.connects({
      user: own,
      channels: [{ id, epoch: 1, seq: one.seq, interest: 'full' }],
    })
    expect(welcome).toMatchObject({
      user: { status: 'same' },
      channels: [{ status: 'delta', from: one.seq, messages: [{ text: 'two' }] }],
    })
    const three = await bob.says(id, 'three')
    await line.sees(
      'event',
      ({ channel, seq, prev }) => channel === id && seq === three.seq && prev === three.seq - 1,
    )
  },
)

story(
  'who leaves the own stream out of the hello gets its head, and its events all the same [HELLO-4, SYNC-11]',
  async ({ alice, opensGroup, target }) => {
    await opensGroup([])
    const line = await Line.open({ url: target.urls[0], ears: alice.ears })
    line.say({ type: 'hello', protocol: 1, token: alice.token, device: 'headless' })
    expect(await line.sees('welcome')).toMatchObject({
      user: { status: 'head', epoch: 1, seq: 1 },
      channels: [],
    })
    await alice.does('user.update', { name: 'Alice A.' })
    await line.sees('event', ({ channel, seq }) => channel === '@me' && seq === 2)
    await line.hangUp()
  },
)

story(
  'many channels in one hello: content while there is room, then heads [HELLO-9, SYNC-11]',
  async ({ alice, server }) => {
    const ids: string[] = []
    for (let index = 0; index < 6; index++) {
      const { channel } = await server.does('channel.create', {
        clientId: `019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f0${index}`,
        members: [{ userId: alice.id }],
      })
      await server.does('message.send', {
        channelId: channel.id,
        clientId: `019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f2${index}`,
        text: 'x'.repeat(20_000),
      })
      ids.push(channel.id)
    }
    const { welcome, line } = await alice.connects({
      channels: ids.map((id) => ({ id, interest: 'full' as const })),
    })
    const statuses = welcome.channels.map(({ status }) => status)
    expect(statuses.slice(0, 3)).toEqual(['reset', 'reset', 'reset'])
    expect(statuses.at(-1)).toBe('head')
    const { message } = await server.does('message.send', {
      channelId: ids[5] ?? '',
      clientId: '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f29',
      text: 'live all the same',
    })
    await line.sees('event', ({ channel, seq }) => channel === ids[5] && seq === message.seq)
  },
)

story(
  'a hello that the contract does not know closes the line [HELLO-7, HELLO-2, VAL-5]',
  async ({ alice, target }) => {
    const { id } = alice
    const channel = { id: unknownId(), interest: 'full' }
    const cases: [object, number][] = [
      [{ device: '' }, 4400],
      [{ device: 'x'.repeat(65) }, 4400],
      [{ user: { seq: 1 } }, 4400],
      [{ user: 'first' }, 4400],
      [{ channels: [{ ...channel, interest: 'most' }] }, 4400],
      [{ channels: [channel, channel] }, 4400],
      [{ channels: [{ ...channel, seq: 1 }] }, 4400],
      [{ channels: Array.from({ length: 21 }, () => ({ ...channel, id: unknownId() })) }, 4400],
      [{ protocol: 2 }, 4426],
      [{ protocol: 'one' }, 4400],
    ]
    for (const [wrong, code] of cases) {
      const line = await Line.open({ url: target.urls[0], ears: alice.ears })
      line.say({ ...helloFrame({ token: goodToken(target.secret, id) }), ...wrong })
      expect(await line.isClosed(), JSON.stringify(wrong).slice(0, 80)).toMatchObject({ code })
      if (code === 4400)
        expect(line.frames.at(-1)).toMatchObject({ type: 'error', error: { code: 'bad_request' } })
    }
  },
)

story('a hello may hold fields of a newer client [VAL-5]', async ({ alice, target }) => {
  const line = await Line.open({ url: target.urls[0], ears: alice.ears })
  line.say({ ...helloFrame({ token: alice.token }), compression: 'yes', battery: { low: true } })
  await line.sees('welcome')
  await line.hangUp()
})

story(
  'nothing comes before the hello, and nothing but heartbeats before the welcome [HELLO-1]',
  async ({ alice, target }) => {
    for (const first of [
      { type: 'request', id: 1, op: 'channel.list', data: {} },
      { type: 'heartbeat' },
      { type: 'nonsense' },
    ]) {
      const line = await Line.open({ url: target.urls[0], ears: alice.ears })
      line.say(first)
      expect(await line.isClosed()).toMatchObject({ code: 4400 })
      expect(line.frames).toMatchObject([{ type: 'error', error: { code: 'bad_request' } }])
    }
  },
)

story('who says no hello is shown out after five seconds [HELLO-1]', async ({ alice, target }) => {
  const line = await Line.open({ url: target.urls[0], ears: alice.ears })
  expect(await line.isClosed(12_000)).toMatchObject({ code: 4408 })
})

story('a page of a foreign origin opens no line [URL-5, URL-6]', async ({ alice, target }) => {
  for (const origin of [
    'https://evil.example',
    'null',
    'http://',
    `${target.urls[0]}.evil.example`,
  ]) {
    const refused = await Line.open({
      url: target.urls[0],
      ears: alice.ears,
      socket: { headers: { Origin: origin } },
    }).catch((error: unknown) => error)
    expect(refused, origin).toBeInstanceOf(HandshakeRefused)
    expect(refused).toMatchObject({ status: 403 })
  }
  const { headers } = await fetchRest(
    { url: target.urls[0], bearer: alice.token, ears: alice.ears },
    { method: 'GET', path: '/v1/channels', headers: { Origin: 'https://evil.example' } },
  )
  expect(headers.get('access-control-allow-origin')).toBeNull()
})

story('the subprotocol is answered where it is offered [URL-4]', async ({ alice, target }) => {
  const { line } = await openWith({ token: alice.token }, { url: target.urls[0], ears: alice.ears })
  expect(line.ws.protocol).toBe('')
  await line.hangUp()
})
