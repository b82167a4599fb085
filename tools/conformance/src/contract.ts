import {
  type ErrorCode,
  events,
  generalErrorCodes,
  type OperationName,
  operations,
} from '@tertulia/protocol'
import type { z } from 'zod'

type AnyOperation = (typeof operations)[number]
export type OperationOf<Name extends OperationName> = Extract<AnyOperation, { readonly name: Name }>

/** What a caller writes: fields with a default may be left out. */
export type Input<Name extends OperationName> = z.input<OperationOf<Name>['input']>
export type Output<Name extends OperationName> = z.output<OperationOf<Name>['output']>

const byName = new Map<string, AnyOperation>(
  operations.map((operation) => [operation.name, operation]),
)
const eventsByName = new Map<string, (typeof events)[number]>(
  events.map((event) => [event.name, event]),
)

export function operationOf(name: OperationName): AnyOperation {
  const operation = byName.get(name)
  if (!operation) throw new Error(`There is no operation ${name}.`)
  return operation
}

export const eventOf = (name: string): (typeof events)[number] | undefined => eventsByName.get(name)

/** Whether the contract lets this operation answer with this code. */
export const mayAnswer = (name: OperationName, code: ErrorCode): boolean =>
  generalErrorCodes.includes(code) ||
  (operationOf(name).errors as readonly ErrorCode[]).includes(code)
