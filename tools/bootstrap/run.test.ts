import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const module = join(import.meta.dirname, 'run.js')

/** A process that runs the program as `npm start` does, and ends with its code. */
function running(program: string): ChildProcess {
  const script = `
    const { run } = await import(${JSON.stringify(module)})
    process.exitCode = await run(process.execPath, ['-e', process.argv[1]], { env: process.env })`
  const args = ['--input-type=module', '-e', script, program]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function said(child: ChildProcess, words: string): Promise<string> {
  let text = ''
  for await (const part of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += part
    if (text.includes(words)) return text
  }
  throw new Error(`"${words}" was never said, only "${text}".`)
}

const DRAINS = `
  let signals = 0
  process.on('SIGINT', () => {
    signals++
    console.log('draining')
    setTimeout(() => process.exit(signals), 300)
  })
  setInterval(() => {}, 1000)
  console.log('ready')`

test('the exit code passes through', async () => {
  const [code] = await once(running('process.exit(7)'), 'exit')
  expect(code).toBe(7)
})

test('a Ctrl-C that arrives twice is passed on once, and the program may finish', async () => {
  const child = running(DRAINS)
  await said(child, 'ready')
  child.kill('SIGINT')
  await said(child, 'draining')
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
})

test('a program killed by a signal ends with 128 and its number', async () => {
  const [code] = await once(running("process.kill(process.pid, 'SIGKILL')"), 'exit')
  expect(code).toBe(137)
})

test('what the program leaves running is ended with it', async () => {
  const child = running(`
    const { spawn } = require('node:child_process')
    const left = spawn('sleep', ['600'], { stdio: 'ignore' })
    console.log('left ' + left.pid + ' running')
    left.unref()`)
  const exit = once(child, 'exit')
  const pid = Number(/left (\d+)/.exec(await said(child, 'running'))?.[1])
  await exit
  await expect.poll(() => isRunning(pid)).toBe(false)
})

/** A zombie has ended; where process 1 does not collect orphans, it stays listed. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}
