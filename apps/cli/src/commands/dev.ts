import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type Config,
  devTokens,
  type Extension,
  isLocal,
  loadPages,
  mintToken,
  PAGE_POLICY,
  type ServerConfig,
  servePages,
} from '@tertulia/server'
import { type Breakage, breakage } from '../breakage.ts'
import { command } from '../command.ts'
import { keepDevSecrets } from '../devSecrets.ts'
import type { ExitCode } from '../exits.ts'
import { freePortFrom } from '../freePort.ts'
import { createSamples, SAMPLE_USERS } from '../sampleUsers.ts'
import { settingNotes } from '../settingNotes.ts'
import { settingsOf } from '../settings.ts'
import { untilStopped } from '../untilStopped.ts'
import type { Host, World } from '../world.ts'

/** Whoever presses Ctrl-C here waits for the prompt: there is no crowd to spread out. */
const DEFAULTS = {
  TERTULIA_DIRECTORY: 'all',
  TERTULIA_LOG_LEVEL: 'warn',
  TERTULIA_DRAIN_MS: '1000',
}
/** How a person calls us: in the repository we run from our sources. */
const TERTULIA = import.meta.url.endsWith('.ts') ? 'npm run -s tertulia --' : 'tertulia'
const OPEN_TO_ALL =
  'This listens beyond this machine, and in development everybody gets a token of every sample user. Use `tertulia start` for real users.'
const TOKEN_SECONDS = 3600
const FOLDERS = 9

export const devCommand = (world: World) =>
  command(
    {
      name: 'dev',
      description: 'Runs a server to try things out, with sample users and a page to chat on.',
      example: 'tertulia dev',
      notes: settingNotes,
      args: {},
      run: () => dev(world),
    },
    world,
  )

async function dev(world: World): Promise<ExitCode> {
  const { broken, whenBroken } = breakage(world)
  const { host, config } = await open(world, broken)
  const { url } = await host.listen()
  await createSamples({ url, apiKey: config.apiKey })
  if (!isLocal(config.host)) world.warn(OPEN_TO_ALL)
  world.print(welcome(url, config))
  return Promise.race([untilStopped(host, world), whenBroken()])
}

type DevConfig = ServerConfig & { readonly apiKey: string }

/** Nobody should have to think about ports and folders to try a second one: only what was chosen is held to. */
async function open(
  world: World,
  broken: Breakage['broken'],
): Promise<{ host: Host; config: DevConfig }> {
  const settings = settingsOf(world, DEFAULTS)
  const port = world.environment['TERTULIA_PORT']
    ? settings.port
    : await freePortFrom(settings.port, settings.host)
  const folders = world.environment['TERTULIA_DATA_DIR'] ? 1 : FOLDERS
  for (let number = 1; ; number++) {
    const dataDir = number === 1 ? settings.dataDir : `${settings.dataDir}-${number}`
    const config = withSecrets({ ...settings, port, dataDir })
    try {
      const extensions = await devExtensions(world, config)
      return {
        config,
        host: await world.createServer(config, { extensions, loopbackOrigins: true, broken }),
      }
    } catch (error) {
      if (number === folders || !(error instanceof Error) || error.name !== 'DataFolderError')
        throw error
    }
  }
}

function withSecrets(config: Config): DevConfig {
  const kept = keepDevSecrets(config.dataDir)
  return { ...config, secret: config.secret ?? kept.secret, apiKey: config.apiKey ?? kept.apiKey }
}

async function devExtensions(world: World, { secret }: DevConfig): Promise<Extension[]> {
  const mint = (userId: string) =>
    mintToken(secret, { userId, expiresInSeconds: TOKEN_SECONDS, now: world.now() })
  const tokens = devTokens({ users: SAMPLE_USERS, mint })
  const folder = pagesFolder()
  return folder === null ? [tokens] : [tokens, servePages(await loadPages(folder), PAGE_POLICY)]
}

/** Beside us in a published package, in the demo app in the repository. */
function pagesFolder(): string | null {
  const places = ['../../pages', '../../../demo/public'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  )
  return places.find((place) => existsSync(place)) ?? null
}

/** It finds the folder by itself only where nobody chose another one. */
const tokenCommand = (dataDir: string): string =>
  `${dataDir === './tertulia-data' ? '' : `TERTULIA_DATA_DIR='${dataDir}' `}${TERTULIA} token alice --dev`

const welcome = (url: string, { dataDir }: Config): string => `
  Tertulia is running at ${url}

  Sample users   ${SAMPLE_USERS.join(', ')}
  A user token   ${tokenCommand(dataDir)}
  A first call   curl -H "Authorization: Bearer $(${tokenCommand(dataDir)})" ${url}/v1/channels
  The contract   ${url}/v1/openapi.json
  Your server    its API key and secret stand in ${dataDir}/dev.json
  Start over     delete ${dataDir}

  Press Ctrl-C to stop.
`
