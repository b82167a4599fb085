/** Opaque positions of paged answers: good for the same caller and the same question only. */
export interface PageCursors {
  write(question: PageQuestion, position: Position): string
  /** Throws `bad_request` for a cursor that was not written for this question. */
  read(question: PageQuestion, cursor: string): Position
}

export interface PageQuestion {
  readonly operation: string
  readonly actor: string
  /** Everything that chooses and orders the rows, but not the size of the page. */
  readonly filter: unknown
}

export type Position = readonly (string | number | null)[]
