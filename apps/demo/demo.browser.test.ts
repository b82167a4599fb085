import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

const CLI = new URL('../cli/src/main.ts', import.meta.url).pathname
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
const OFFLINE = ['--disable-background-networking', '--disable-component-update', '--disable-sync']

const folder = mkdtempSync(join(tmpdir(), 'tertulia-demo-'))
let server: ChildProcess
let url = ''
let browser: Browser

/** Starts `tertulia dev` on a port, and resolves with its address once it says so. */
async function startServer(port: string): Promise<void> {
  const env = { ...process.env, TERTULIA_PORT: port, TERTULIA_DATA_DIR: join(folder, 'data') }
  server = spawn(
    process.execPath,
    ['--conditions=tertulia-source', decodeURIComponent(CLI), 'dev'],
    { env },
  )
  url = await new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (bytes) => {
      said += bytes
    })
    server.stdout?.on('data', (bytes) => {
      said += bytes
      const address = /running at (\S+)/.exec(said)?.[1]
      if (address && said.includes('Ctrl-C')) resolve(address)
    })
    server.once('exit', () => reject(new Error(`The server ended: ${said}`)))
  })
}

function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once('exit', resolve))
    : Promise.resolve()
}

async function openAs(name: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 } })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${name}: ${error.message}`))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(`${name}: ${message.text()}`)
  })
  await page.goto(url)
  await page.getByRole('button', { name }).click()
  await page.getByRole('button', { name: /Lunch/ }).click()
  return page
}

const faults: string[] = []

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.keyboard.press('Enter')
}

const seen = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...QUIET, ...OFFLINE],
  })
  await startServer('0')
})

afterAll(async () => {
  await browser?.close()
  server?.kill('SIGKILL')
  await ended(server)
  rmSync(folder, { recursive: true, force: true })
})

test('alice and bob chat in two windows, and what was said survives kill -9', async () => {
  const alice = await openAs('Alice')
  const bob = await openAs('Bob')
  await say(alice, 'Has anybody been to the new place?')
  await seen(bob, 'the new place').waitFor()
  await say(bob, 'The <b>soup</b> is good.')
  await seen(alice, 'The <b>soup</b> is good.').waitFor()

  await seen(alice, 'the new place').hover()
  await alice.getByRole('button', { name: 'Edit' }).click()
  await alice.getByRole('textbox', { name: 'Message' }).fill('Has anybody been to the harbour?')
  await alice.keyboard.press('Enter')
  await seen(bob, 'Has anybody been to the harbour?').filter({ hasText: 'edited' }).waitFor()

  const port = new URL(url).port
  server.kill('SIGKILL')
  await ended(server)
  await say(bob, 'Written while nobody listened.')
  expect(await seen(alice, 'nobody listened').count()).toBe(0)
  await startServer(port)
  await seen(alice, 'Written while nobody listened.').waitFor({ timeout: 60_000 })
  expect(await seen(alice, 'nobody listened').count()).toBe(1)

  await alice.reload()
  await alice.getByRole('button', { name: /Lunch/ }).click()
  for (const text of ['been to the harbour?', 'soup', 'nobody listened'])
    await seen(alice, text).waitFor()
  expect(await alice.getByRole('article').count()).toBe(3)
  expect(faults).toEqual([])
})

test('people react, answer in a thread, and see how far their messages came', async () => {
  const alice = await openAs('Alice')
  const bob = await openAs('Bob')
  await say(alice, 'Who brings the cake?')
  const question = seen(bob, 'Who brings the cake?')
  await question.hover()
  await question.getByRole('button', { name: 'React with 🎉' }).click()
  await seen(alice, 'Who brings the cake?')
    .getByRole('button', { name: '🎉, 1 reaction' })
    .waitFor()
  const mine = question.getByRole('button', { name: '🎉, 1 reaction' })
  expect(await mine.getAttribute('aria-pressed')).toBe('true')
  await mine.click()
  await mine.waitFor({ state: 'detached' })

  await question.hover()
  await question.getByRole('button', { name: 'Reply' }).click()
  await bob.getByRole('textbox', { name: 'Reply' }).fill('I will, with <i>plums</i>.')
  await bob.keyboard.press('Enter')
  await seen(alice, 'Who brings the cake?').getByRole('button', { name: '1 reply' }).click()
  const thread = alice.getByRole('region', { name: 'Thread' })
  await thread.getByText('I will, with <i>plums</i>.').waitFor()
  const channel = alice.getByRole('region', { name: 'Messages' })
  expect(await channel.getByText('plums').count(), 'a reply is not in the channel').toBe(0)

  await bob.bringToFront()
  await channel
    .getByTitle(/Stored|Delivered/)
    .last()
    .waitFor()
  expect(faults).toEqual([])
})

test('what was not read is counted, and is read when it is looked at', async () => {
  const alice = await openAs('Alice')
  const dana = await openAs('Dana')
  await dana.getByRole('button', { name: 'Alice' }).last().click()
  await dana.getByText('Only the two of you').waitFor()
  for (const text of ['Are you there?', 'It is about the soup.']) await say(dana, text)
  const row = alice.getByRole('button', { name: /Dana/ })
  await row.getByLabel('2 unread').waitFor()
  await alice.bringToFront()
  await row.click()
  await row.getByLabel(/unread/).waitFor({ state: 'detached' })
  await seen(dana, 'about the soup').getByTitle('Read').waitFor()
  await alice.reload()
  await alice.getByRole('button', { name: /Dana/ }).waitFor()
  expect(await alice.getByLabel(/unread/).count()).toBe(0)
  expect(faults).toEqual([])
})

test('people see who is there and who types, and nobody outside does', async () => {
  const alice = await openAs('Alice')
  const bob = await openAs('Bob')
  const dana = await openAs('Dana')
  await bob
    .getByRole('button', { name: /^Alice/ })
    .last()
    .click()
  await bob.getByText('Only the two of you').waitFor()
  await alice.getByRole('button', { name: /Bob \(online\)/ }).click()
  await bob.getByText('Online · only the two of you').waitFor()
  await alice.getByRole('textbox', { name: 'Message' }).pressSequentially('Psst')
  await bob.getByText('Alice is typing').waitFor()
  await alice.keyboard.press('Enter')
  await seen(bob, 'Psst').waitFor()
  await bob.getByText('Alice is typing').waitFor({ state: 'detached' })
  expect(await alice.getByText('is typing').count()).toBe(0)
  expect(await dana.getByText('is typing').count()).toBe(0)
  expect(faults).toEqual([])
})

test('what was begun in one conversation waits there, also after a reload', async () => {
  const charlie = await openAs('Charlie')
  const field = charlie.getByRole('textbox', { name: 'Message' })
  await field.fill('For everybody')
  await charlie.getByRole('button', { name: /^Dana/ }).last().click()
  await charlie.getByText('Only the two of you').waitFor()
  await expect.poll(() => field.inputValue()).toBe('')
  await field.fill('For Dana alone')
  await charlie.getByRole('button', { name: /Lunch/ }).click()
  await expect.poll(() => field.inputValue()).toBe('For everybody')
  await charlie.reload()
  await charlie.getByRole('button', { name: /Dana/ }).click()
  await expect.poll(() => field.inputValue()).toBe('For Dana alone')
  await charlie.keyboard.press('Enter')
  await seen(charlie, 'For Dana alone').waitFor()
  await expect.poll(() => field.inputValue()).toBe('')
  expect(faults).toEqual([])
})

test('a direct conversation is between two people, and dana sees nothing of it', async () => {
  const alice = await openAs('Alice')
  const charlie = await openAs('Charlie')
  const dana = await openAs('Dana')
  await alice.getByRole('button', { name: 'Charlie' }).click()
  await alice.getByText('Only the two of you').waitFor()
  await say(alice, 'A word in private.')
  await charlie.getByRole('button', { name: /Alice.*A word in private/ }).click()
  await seen(charlie, 'A word in private.').waitFor()
  await say(charlie, 'I am all ears.')
  await seen(alice, 'I am all ears.').waitFor()
  expect(await dana.content()).not.toContain('private')
  expect(faults).toEqual([])
})

interface Channels {
  readonly channels: readonly { readonly channel: { readonly id: string } }[]
}

/** A call of the app's own back end, with the key that `tertulia dev` made. */
async function asServer<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const { apiKey } = JSON.parse(readFileSync(join(folder, 'data/dev.json'), 'utf8'))
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const text = body ? { body: JSON.stringify(body) } : {}
  const answer = await fetch(new URL(path, url), { method, headers, ...text })
  expect(answer.ok).toBe(true)
  return (await answer.json()) as Answer
}

test('a frozen conversation says so, a closed one shows nothing, and no text is lost or moved', async () => {
  const bob = await openAs('Bob')
  const question = seen(bob, 'Who brings the cake?')
  await question.hover()
  await question.getByRole('button', { name: 'Reply', exact: true }).click()
  await bob.getByRole('textbox', { name: 'Reply' }).fill('For lunch alone.')
  await say(bob, 'A word before the frost.')
  const word = seen(bob, 'A word before the frost.')
  await word.hover()
  await word.getByRole('button', { name: 'Reply', exact: true }).click()
  await expect.poll(() => bob.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('')
  await question.hover()
  await question.getByRole('button', { name: 'Reply', exact: true }).click()
  await expect
    .poll(() => bob.getByRole('textbox', { name: 'Reply' }).inputValue())
    .toBe('For lunch alone.')

  const list = '/v1/channels?type=group&userId=alice'
  const { channels } = await asServer<Channels>('GET', list)
  const path = `/v1/channels/${channels[0]?.channel.id}`
  await word.hover()
  await word.getByRole('button', { name: 'Edit' }).click()
  await asServer('PATCH', path, { state: 'frozen' })
  await bob.getByText('frozen').first().waitFor()
  await bob.getByRole('textbox', { name: 'Message' }).fill('Too late.')
  await bob.keyboard.press('Enter')
  await bob.getByText('Only its moderators can write').waitFor()
  expect(await bob.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('Too late.')
  await bob.getByRole('button', { name: 'Cancel' }).click()

  await asServer('PATCH', path, { state: 'disabled' })
  await bob.getByText('This conversation is closed for now').waitFor()
  await bob.getByRole('button', { name: /Closed for now/ }).waitFor()
  expect(await bob.getByRole('textbox').count(), 'there is nothing to write in').toBe(0)
  expect(await bob.getByRole('article').count()).toBe(0)
  await asServer('PATCH', path, { state: 'open' })
  await word.waitFor({ timeout: 40_000 })
  expect(faults).toEqual([])
})

test('what is done in a channel stands in it in plain words', async () => {
  const alice = await openAs('Alice')
  const bob = await openAs('Bob')
  await seen(bob, 'Who brings the cake?').waitFor()
  const said = await bob.getByRole('article').count()
  await alice.evaluate(async () => {
    const ask = async (path: string, method: string, headers: object, body?: object) => {
      const answer = await fetch(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return answer.json()
    }
    const { token } = await ask('/dev/token', 'POST', {}, { userId: 'alice' })
    const headers = { authorization: `Bearer ${token}` }
    const { channels } = await ask('/v1/channels?type=group', 'GET', headers)
    const [{ channel }] = channels
    await ask(`/v1/channels/${channel.id}`, 'PATCH', headers, { name: 'Lunch <b>break</b>' })
    await ask(`/v1/channels/${channel.id}/members/dana`, 'DELETE', headers)
  })
  await bob.getByText('Alice named the channel “Lunch <b>break</b>”').waitFor()
  await bob.getByText('Alice removed Dana').waitFor()
  expect(await bob.getByRole('article').count(), 'nobody said it').toBe(said)
  expect(await alice.getByLabel(/unread/).count()).toBe(0)
  expect(faults).toEqual([])
})
