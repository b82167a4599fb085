import { isDeepStrictEqual } from 'node:util'

/** Some of the fields; nested objects must be equal as a whole. */
export type Partly<Value> = { readonly [Field in keyof Value]?: Value[Field] }

/** Whether a value has these fields with exactly these values. */
export const fits = <Value extends object>(value: Value, wanted: Partly<Value>): boolean =>
  (Object.keys(wanted) as (keyof Value)[]).every((field) =>
    isDeepStrictEqual(value[field], wanted[field]),
  )
