import { parseArgs } from 'node:util'
import { createServer, readConfig } from '@tertulia/server'
import { isArming } from '../server/arming.ts'
import { breaks, isBreak, sabotage } from '../server/breaks.ts'
import { deadlyPoints } from '../server/deadlyPoints.ts'
import { heldBytes, isHeldQuestion } from '../server/held.ts'

/** The server of the fault runs: settings from `TERTULIA_*`, and the switches that a product must not have. */
async function run(): Promise<void> {
  const { values } = parseArgs({ options: { break: { type: 'string' } } })
  const { break: wish } = values
  if (wish !== undefined && !isBreak(wish))
    throw new Error(
      `"${wish}" breaks nothing, so the run would prove nothing. Choose: ${breaks.join(', ')}.`,
    )
  const config = readConfig(process.env)
  const { secret } = config
  if (secret === null)
    throw new Error('TERTULIA_SECRET is missing, so nobody could sign in. Set it.')
  const broken = wish === undefined ? {} : sabotage(wish)
  const deadly = deadlyPoints(broken.wrapEngine ?? ((engine) => engine))
  const server = await createServer({ ...config, secret }, { ...broken, ...deadly.overrides })
  process.on('message', (message) => {
    if (isArming(message)) deadly.arm(message)
    if (isHeldQuestion(message)) process.send?.(heldBytes())
  })
  // Whoever started this is gone: nobody would ever stop it.
  process.on('disconnect', () => process.exit(1))
  process.on('SIGTERM', () => {
    void server.stop().then(({ unfinished }) => process.exit(unfinished === 0 ? 0 : 1))
  })
  await server.listen()
}

await run()
