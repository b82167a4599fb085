import {
  type ArgsDef,
  type CommandContext,
  type CommandDef,
  defineCommand,
  type ParsedArgs,
  type SubCommandsDef,
} from 'citty'
import { CommandError, EXIT, type ExitCode } from './exits.ts'
import type { World } from './world.ts'

/** Resolves when the command is over, with what the shell shall see. */
export type Run<Args extends ArgsDef> = (args: ParsedArgs<Args>, world: World) => Promise<ExitCode>

export interface Declared<Args extends ArgsDef> {
  readonly name: string
  readonly description: string
  /** A line that works as it stands. */
  readonly example: string
  /** What `--help` says besides. */
  readonly notes?: string
  readonly args: Args
  readonly run: Run<Args>
}

export interface Command {
  readonly definition: SubCommand
  readonly example: string
  readonly notes: string
}

/** What citty takes as a sub-command, whatever its words are. */
export type SubCommand = Extract<SubCommandsDef[string], CommandDef>

/** A command whose words are checked: citty alone would swallow what it does not know. */
export function command<const Args extends ArgsDef>(
  declared: Declared<Args>,
  world: World,
): Command {
  const { name, description, args, example, notes = '' } = declared
  const definition = defineCommand<Args>({
    meta: { name, description },
    args,
    run: (context) => {
      refuseUnknown(context, args)
      return declared.run(context.args, world)
    },
  })
  return { definition, example, notes }
}

function refuseUnknown<Args extends ArgsDef>(
  { args, rawArgs }: CommandContext<Args>,
  known: Args,
): void {
  const names = new Set(Object.keys(known).flatMap((name) => [name, camel(name)]))
  const unknown = Object.keys(args).find((name) => name !== '_' && !names.has(name))
  if (unknown) throw new CommandError(EXIT.usage, `There is no option --${unknown}. See --help.`)
  const places = Object.values(known).filter(({ type }) => type === 'positional').length
  const extra = args._[places]
  if (extra !== undefined)
    throw new CommandError(EXIT.usage, `There is one word too many: ${extra}. See --help.`)
  const empty = rawArgs.find((word) => /^--[\w-]+=$/.test(word))
  if (empty) throw new CommandError(EXIT.usage, `${empty} needs a value. See --help.`)
}

const camel = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
