/** Something in an installation that is not as it should be, with the way to mend it. */
export interface Advice {
  /** What is so. */
  readonly what: string
  /** Why it matters. */
  readonly why: string
  /** The line to type, or what to do. */
  readonly fix: string
}
