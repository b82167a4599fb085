/** The promises, by the numbers that a failing run names. */
export const promises = {
  'I-1': 'An answered send is in the channel, once, with the seq of its answer.',
  'I-2': 'A client id of an author is one message in a channel.',
  'I-3': 'The events of a stream are dense and have one order.',
  'I-4':
    'A device at a cursor holds all that is visible up to it, in the state of then, and nothing newer.',
  'I-5': 'A row never goes back to an older version.',
  'I-6': 'A cursor never goes back within an epoch, but with a reset.',
  'I-8': 'After the faults every device holds what a new device would get.',
  'I-9': 'Nobody is told of what they may not see.',
  'I-10': 'Nobody is told of what is not committed.',
  'I-13': 'The messages of a device have the order in which they were written.',
  'I-15': 'A deleted text is on no device that knows of the deletion.',
  'I-16': 'After the faults everybody reaches the head.',
  'I-17': 'After the faults no message is left in a send queue.',
  'I-18': 'What is read stays read, on whichever device it was read.',
  server: 'The server logs no error that no fault explains.',
} as const
export type Promised = keyof typeof promises

/** A promise of the product was broken. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly promise: Promised

  constructor(promise: Promised, what: string) {
    super(`${promise}: ${what}`)
    this.promise = promise
  }
}

export function demand(holds: boolean, promise: Promised, what: () => string): asserts holds {
  if (!holds) throw new Violation(promise, what())
}
