import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { createServer, openKeys, systemClock } from '@tertulia/server'
import { defineCommand, renderUsage, runCommand } from 'citty'
import type { Command, SubCommand } from './command.ts'
import { auditCommand } from './commands/audit.ts'
import { backupCommand } from './commands/backup.ts'
import { checkCommand } from './commands/check.ts'
import { devCommand } from './commands/dev.ts'
import { doctorCommand } from './commands/doctor.ts'
import { createKeyCommand, listKeysCommand, revokeKeyCommand } from './commands/keys.ts'
import { migrateCommand } from './commands/migrate.ts'
import { restoreCommand } from './commands/restore.ts'
import { startCommand } from './commands/start.ts'
import { tokenCommand } from './commands/token.ts'
import { CommandError, EXIT, type ExitCode } from './exits.ts'
import { sentenceOf } from './sentences.ts'
import type { World } from './world.ts'

const EXIT_CODES =
  'EXIT CODES  0 done, 1 failed, 2 wrong words or settings, 3 unsafe settings, 4 to be run again'

interface Group {
  readonly definition: SubCommand
  readonly commands: Readonly<Record<string, Command | Group>>
}

function commandsOf(world: World): Group {
  const keys = group('keys', 'Makes, lists and revokes API keys for your own servers.', {
    create: createKeyCommand(world),
    list: listKeysCommand(world),
    revoke: revokeKeyCommand(world),
  })
  return group('tertulia', 'Chat for your own app, on your own machines.', {
    dev: devCommand(world),
    start: startCommand(world),
    token: tokenCommand(world),
    migrate: migrateCommand(world),
    check: checkCommand(world),
    audit: auditCommand(world),
    backup: backupCommand(world),
    restore: restoreCommand(world),
    doctor: doctorCommand(world),
    keys,
  })
}

function group(name: string, description: string, commands: Group['commands']): Group {
  const subCommands = Object.fromEntries(
    Object.entries(commands).map(([word, { definition }]) => [word, definition]),
  )
  return { definition: defineCommand({ meta: { name, description }, subCommands }), commands }
}

/** Runs a line of words and resolves with what the shell shall see. Never throws for what a person did wrong. */
export async function run(words: readonly string[], world: World): Promise<ExitCode> {
  const root = commandsOf(world)
  const found = find(root, words)
  try {
    if (words.includes('--version') || words[0] === '-v') world.print(versionOf())
    else if (words.includes('--help') || words.includes('-h') || words.length === 0)
      world.print(await helpFor(found))
    else if ('commands' in found.command) throw new CommandError(EXIT.usage, unknownWord(found))
    else return await runFound(found.command, found.rest)
    return EXIT.ok
  } catch (error) {
    const { exit, message } = asCommandError(error)
    world.warn(message)
    return exit
  }
}

interface Found {
  readonly command: Command | Group
  readonly path: readonly string[]
  readonly rest: readonly string[]
}

function find(root: Group, words: readonly string[]): Found {
  let command: Command | Group = root
  const path = ['tertulia']
  for (const [at, word] of words.entries()) {
    const next: Command | Group | undefined =
      'commands' in command && Object.hasOwn(command.commands, word)
        ? command.commands[word]
        : undefined
    if (!next) return { command, path, rest: words.slice(at) }
    command = next
    path.push(word)
  }
  return { command, path, rest: [] }
}

const unknownWord = ({ path, rest }: Found): string =>
  rest[0] === undefined
    ? `\`${path.join(' ')}\` needs a command. See: ${path.join(' ')} --help`
    : `There is no command ${rest[0]}. See: ${path.join(' ')} --help`

async function runFound({ definition }: Command, rest: readonly string[]): Promise<ExitCode> {
  const { result } = await runCommand(definition, { rawArgs: [...rest] })
  return result as ExitCode
}

async function helpFor({ command, path }: Found): Promise<string> {
  const parent =
    path.length > 1 ? defineCommand({ meta: { name: path.slice(0, -1).join(' ') } }) : undefined
  const usage = stripVTControlCharacters(await renderUsage(command.definition, parent))
  if ('commands' in command) return `${usage}\n\n${EXIT_CODES}`
  const { example, notes } = command
  return [usage, `EXAMPLE  ${example}`, ...(notes ? [notes] : [])].join('\n\n')
}

/** Errors whose message is a sentence for whoever runs the server. */
const FOR_OPERATORS = new Set([
  'BackupError',
  'DamagedFileError',
  'DataFolderError',
  'DatabaseError',
  'MoveError',
  'NoStoreError',
  'OldStoreError',
  'SchemaError',
  'StoreAwayError',
  'StoreBrokenError',
  'StoreConflictError',
  'StoreFullError',
])

/** Our own errors and those of citty are for people; whatever else is thrown comes with its stack. */
function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  if (!(error instanceof Error)) return new CommandError(EXIT.failed, String(error))
  if (error.name === 'CLIError')
    return new CommandError(EXIT.usage, `${error.message}. See --help.`)
  if (FOR_OPERATORS.has(error.name)) return new CommandError(EXIT.failed, sentenceOf(error))
  if ('code' in error && error.code === 'EADDRINUSE')
    return new CommandError(EXIT.failed, portInUse(error))
  if ('syscall' in error)
    return new CommandError(EXIT.failed, `${error.message}. Check the path and who may use it.`)
  return new CommandError(EXIT.failed, error.stack ?? error.message)
}

const portInUse = (error: Error): string =>
  `${error.message}. Another program listens there. Stop it, or choose another port with TERTULIA_PORT.`

function versionOf(): string {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  return version
}

/** Runs the words of the process and ends it. */
export async function main(): Promise<void> {
  const code = await run(process.argv.slice(2), {
    environment: process.env,
    print: (text) => void process.stdout.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${text}\n`),
    progress: (text) => void process.stderr.write(text),
    isWatched: process.stderr.isTTY === true,
    onSignal: (listener) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => listener(name))
    },
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic(),
    createServer,
    openKeys,
  })
  process.exit(code)
}
