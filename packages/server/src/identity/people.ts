/** As much of a user as the door must know. */
export interface Person {
  /** The internal id. */
  readonly uid: string
  readonly deactivated: boolean
  /** ms; tokens issued in this second or before it are refused. */
  readonly tokensRevokedAt: number | null
}

/** The users, as the door asks for them. The users feature answers. */
export interface People {
  /** By the app's own id; null when there is no such user. */
  session(id: string): Promise<Person | null>
  /** Creates the user, or finds the one who came between: never a second one, and nobody is revived. */
  create(id: string): Promise<Person>
}
