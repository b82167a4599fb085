import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { transactions } from './transactions.ts'

const FILE = 'packages/server/src/features/messages/messages.ts'
const inside = (body: string) => ({
  [FILE]: `const send = async ({ input, tx }: Call<typeof op>) => {\n${body}\n}`,
})

test.for([
  'await store.insert(tx, input)',
  'await store.insert({ tx, input })',
  'await tx.selectFrom("message").where("id", "=", 1).execute()',
  'await insert(tx).values(input).execute()',
  'await (input.a ? one(tx) : two(tx))',
  'const row = (await find(tx, 1))?.id',
  'await Promise.all([one(tx), two(tx)])',
  'await Promise.all(input.ids.map((id) => one(tx, id)))',
  'await Promise.all([one(tx), ...input.ids.map((id) => one(tx, id))])',
  'await Promise.all(input.ids.map(async (id) => { await one(tx, id) }))',
  'for (const id of input.ids) await one(tx, id)',
  'const roster = { tx, input }; await join(roster, 1)',
  'for await (const row of tx.stream()) use(row)',
])('%s is store work', (body) => {
  using good = example(inside(body))
  expect(transactions(good.tree)).toEqual([])
})

test.for([
  'await fetch(input.url)',
  'await requireCan(actor, "send")',
  'await promise',
  'const f = async () => { await hash(input) }',
  'await Promise.all([one(tx), fetch(input.url)])',
  'await Promise.all(input.ids.map((id) => fetch(id)))',
  'await Promise.all([one(tx), ...input.ids.map((id) => fetch(id))])',
  'await Promise.all(jobs)',
  'await (input.a ? one(tx) : fetch(input.url))',
  'for await (const part of input.body) use(part)',
  'await context.other(input.tx.id)',
  'const roster = { input }; await join(roster, 1)',
])('%s is a foreign wait', (body) => {
  using bad = example(inside(body))
  expect(places(transactions(bad.tree))).toEqual([`${FILE}:2 transactions`])
})

test('a transaction taken out of what carries it is one', () => {
  using bad = example({
    [FILE]: `async function join(roster: Roster) {
      const { tx } = roster
      const deeper = { tx }
      await one(tx)
      await two(deeper)
      await fetch('x')
    }`,
  })
  expect(places(transactions(bad.tree))).toEqual([`${FILE}:6 transactions`])
})

test('the function given to write() is a transaction, whatever its parameter is called', () => {
  using mixed = example({
    'packages/server/src/kernel/good.ts': `
      engine.write(async (changes) => { await changes.run(sql); await put(changes, 1) })
      engine.write(async (changes) => { const tx = open(changes); await job(tx) })
      const after = async () => { await fetch('x') }`,
    'packages/server/src/kernel/bad.ts': `
      engine.write(async (changes) => {
        await changes.run(sql)
        await fetch('x')
      })
      transaction(async () => await fetch('y'))`,
  })
  const found = transactions(mixed.tree)
  expect(places(found)).toEqual([
    'packages/server/src/kernel/bad.ts:4 transactions',
    'packages/server/src/kernel/bad.ts:6 transactions',
  ])
  expect(found[0]?.message).toContain('before the transaction or put it in the outbox')
})
