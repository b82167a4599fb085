import { ChatError, LIMITS } from '@tertulia/protocol'

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** An answer names the field, and must not grow with the name. */
const MOST_OF_A_NAME = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/**
 * What every door reads JSON with: like `JSON.parse`, but stricter, so that no two readers can understand one text
 * differently. Refused with `bad_request`: nesting beyond `LIMITS.jsonDepth` (before anything is parsed), a key given
 * twice, the keys `__proto__`, `constructor` and `prototype`, half surrogate pairs, integers whose digits a double would
 * change (`9007199254740993`), and numbers that it cannot hold even roughly (`1e400`, `-0`, `1e-400`).
 */
export function parseStrictJson(text: string): unknown {
  const members = scan(text)
  const value = parse(text)
  if (checkValue(value, '') !== members) refuse('', 'must not give a key twice')
  return value
}

/** Checks the nesting, and counts the members of all objects as written. Linear, whatever the text holds. */
function scan(text: string): number {
  let depth = 0
  let members = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) at = endOfString(text, at + 1)
    else if (unit === COLON) members++
    else if (opens(unit) && ++depth > LIMITS.jsonDepth)
      refuse('', `must nest at most ${LIMITS.jsonDepth} levels`)
    else if (closes(unit)) depth--
    else if (isDigit(unit)) at = endOfNumber(text, at)
  }
  return members
}

const opens = (unit: number) => unit === 0x7b || unit === 0x5b
const closes = (unit: number) => unit === 0x7d || unit === 0x5d
const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39

/** The place of the quote that ends the string, or the end of the text. */
function endOfString(text: string, start: number): number {
  let from = start
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return text.length
    let first = quote
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--
    if ((quote - first) % 2 === 0) return quote
    from = quote + 1
  }
}

const NUMBER = /\d+(\.\d+)?([eE][+-]?\d+)?/y
/** Every integer of so many digits is a double. */
const SAFE_DIGITS = 15
/** The largest double has so many. */
const MOST_DIGITS = 309

/** The place of the last character of the number that begins here, which is looked at as it was written. */
function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start
  const [number = '', fraction, exponent] = NUMBER.exec(text) ?? []
  if (exponent !== undefined) checkUnderflow(number)
  else if (fraction === undefined && number.length > SAFE_DIGITS) checkDigits(number)
  return start + number.length - 1
}

/** `0.1e-400` reads as 0, a number that nobody sent. */
function checkUnderflow(number: string): void {
  const [digits = ''] = number.split(/[eE]/)
  if (/[1-9]/.test(digits) && Number(number) === 0)
    refuse('', 'must not hold numbers too small to keep')
}

/** `9007199254740993` reads as one less. The shortest digits of a double, which others write, are as good as all. */
function checkDigits(integer: string): void {
  const kept = integer.length > MOST_DIGITS ? Number.POSITIVE_INFINITY : Number(integer)
  if (String(kept) === integer) return
  if (!Number.isFinite(kept) || BigInt(kept) !== BigInt(integer))
    refuse('', 'must not hold integers whose last digits are lost')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The engine's own message quotes the text, which may be private.
    return refuse('', 'must be JSON')
  }
}

/** Counts the members of all objects as understood. */
function checkValue(value: unknown, path: string): number {
  if (typeof value === 'string') return checkText(value, path)
  if (typeof value === 'number') return checkNumber(value, path)
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return checkArray(value, path)
  let members = 0
  for (const [key, inner] of Object.entries(value)) {
    const name = key.slice(0, MOST_OF_A_NAME).toWellFormed()
    const innerPath = path === '' ? name : `${path}.${name}`
    if (FORBIDDEN_KEYS.has(key)) refuse(innerPath, 'must not be used as a key')
    members += 1 + checkText(key, path) + checkValue(inner, innerPath)
  }
  return members
}

function checkArray(items: readonly unknown[], path: string): number {
  let members = 0
  for (const [index, item] of items.entries()) members += checkValue(item, `${path}[${index}]`)
  return members
}

function checkText(text: string, path: string): 0 {
  return text.isWellFormed() ? 0 : refuse(path, 'must be well-formed Unicode')
}

function checkNumber(number: number, path: string): 0 {
  return Number.isFinite(number) && !Object.is(number, -0)
    ? 0
    : refuse(path, 'must be a number that can be kept')
}

function refuse(path: string, message: string): never {
  throw new ChatError('bad_request', { details: { fields: [{ path, message }] } })
}
