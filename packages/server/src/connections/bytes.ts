declare const inside: unique symbol

/**
 * Bytes as the transport made them. The frame loop hands them on by reference and never looks inside, so one loop
 * serves every transport without a type parameter on each of its parts.
 */
export interface Bytes {
  readonly [inside]: 'bytes'
}
