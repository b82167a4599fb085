import { expect, test } from 'vitest'
import { openCore } from '../fixtures/core.ts'
import { StoreBrokenError } from './engine.ts'
import { watchEngine } from './watchedEngine.ts'

test('an engine that broke tells once, whoever used it', async () => {
  await using core = await openCore()
  const told: string[] = []
  const engine = watchEngine(core.engine, ({ message }) => void told.push(message))
  const breaks = async () => {
    throw new StoreBrokenError('The disk is gone.')
  }
  await engine.read(async () => undefined)
  await expect(engine.read(() => Promise.reject(new Error('a mistake')))).rejects.toThrow('mistake')
  expect(told).toEqual([])
  await expect(engine.read(breaks)).rejects.toThrow('gone')
  await expect(engine.write(breaks)).rejects.toThrow('gone')
  expect(told).toEqual(['The disk is gone.'])
})
