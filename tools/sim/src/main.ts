import { faults } from './faults/index.ts'
import { run } from './run.ts'
import { makeTemplate } from './template.ts'
import { openFolder } from './server/storeFile.ts'
const folder = openFolder()
try {
  const template = await makeTemplate(folder.path)
  const from = Number(process.argv[2] ?? 1)
  const count = Number(process.argv[3] ?? 1)
  const trace = process.argv[4] === 'trace' ? (l: string) => console.log(l) : null
  const fault = faults.find((f) => f.name === process.argv[5]) ?? null
  let bad = 0
  const t = Date.now()
  const first: string[] = []
  for (let seed = from; seed < from + count; seed++) {
    try { const r = await run({ seed, template, folder: folder.path, fault, trace }); if (count < 5) console.log(r) }
    catch (e) { bad++; if (bad <= (fault ? 3 : 12)) console.log(seed, String(e instanceof Error ? (e.name === 'Violation' ? e.message.slice(0, 900) : e.stack) : e).slice(0, fault ? 200 : 900)) }
  }
  console.log({ fault: fault?.name, bad, count, ms: Date.now() - t })
} finally { folder.remove() }
