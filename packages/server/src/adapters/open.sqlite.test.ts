import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const ROUNDS = 200
const THREADS = 2

/** Opens every file of the folder in turn, each at the same moment as the other thread. */
const OPENER = `
  const { workerData, parentPort } = require('node:worker_threads')
  const { turns, folder, from, rounds, threads } = workerData
  import(from).then(({ openForWriting }) => {
    for (let round = 0; round < rounds; round++) {
      Atomics.add(turns, round, 1)
      while (Atomics.load(turns, round) < threads);
      openForWriting(folder + '/' + round + '.db', 5000).close()
    }
    parentPort.postMessage('done')
  })`

test('two who open one new file at the same moment both get it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-open-'))
  const turns = new Int32Array(new SharedArrayBuffer(4 * ROUNDS))
  const from = import.meta.resolve('./open.sqlite.ts')
  const workerData = { turns, folder, from, rounds: ROUNDS, threads: THREADS }
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(OPENER, { eval: true, workerData }),
  )
  try {
    const opened = await Promise.all(workers.map((worker) => once(worker, 'message')))
    expect(opened).toEqual([['done'], ['done']])
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
    rmSync(folder, { recursive: true })
  }
}, 60_000)
