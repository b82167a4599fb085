/** What a shell sees when a command is over. */
export const EXIT = {
  ok: 0,
  /** It was tried and did not work. */
  failed: 1,
  /** The words or the settings are wrong; nothing was tried. */
  usage: 2,
  /** `start` will not run with these settings. */
  unsafe: 3,
  /** It worked as far as it could, and is to be run again. */
  partly: 4,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends the command with a message for a person, without a stack. */
export class CommandError extends Error {
  readonly exit: ExitCode

  constructor(exit: ExitCode, message: string) {
    super(message)
    this.name = 'CommandError'
    this.exit = exit
  }
}
