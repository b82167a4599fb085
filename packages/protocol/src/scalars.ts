import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { HIDDEN, STORABLE, storable, VISIBLE } from './unicode.ts'

/** The highest signed 64-bit number; a higher one no engine can look up. */
const HIGHEST_ID = '9223372036854775807'

/** Ids that the server makes: a 64-bit Snowflake as a decimal string, never a JSON number. */
export const Id = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/)
  .refine((id) => id.length < 19 || id <= HIGHEST_ID, 'must fit into 63 bits')
  .meta({
    id: 'Id',
    description: 'A 64-bit id as a decimal string.',
    examples: ['726312345678901234'],
  })

/** Ids and keys that the app gives: 1 to 128 of letters, digits and `. _ @ : + = - |`, byte-exact. */
const APP_ID = /^[A-Za-z0-9._@:+=|-]{1,128}$/
const RESERVED = new Set(['.', '..', 'me'])

export const UserId = z
  .string()
  .regex(APP_ID)
  .refine((id) => !RESERVED.has(id), 'reserved')
  .meta({
    id: 'UserId',
    description: "The app's own id of a user, byte-exact; `.`, `..` and `me` are refused.",
    examples: ['alice'],
  })

export const ChannelKey = z
  .string()
  .regex(APP_ID)
  .refine((key) => !RESERVED.has(key), 'reserved')
  .meta({
    id: 'ChannelKey',
    description: "The app's own key of a channel; `.`, `..` and `me` are refused.",
    examples: ['order-1234'],
  })

/** The identity of one wish of a client, for life: a UUIDv7 (RFC 9562) in lower case. */
export const ClientId = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  .meta({
    id: 'ClientId',
    description: 'A UUIDv7 in lower case, made by the sender: the key of a safe retry.',
    examples: ['019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21'],
  })

/** A position in a stream. 0 is the position before its first event. */
export const Seq = z.int().min(0).meta({ id: 'Seq', description: 'A position in a stream.' })

/** How many messages that count as unread a channel has had. */
export const Ordinal = z.int().min(0).meta({
  id: 'Ordinal',
  description: 'How many messages a channel has had that somebody may have to read.',
})

/** Milliseconds since 1970-01-01 UTC. */
export const Time = z.int().min(0).meta({ id: 'Time', description: 'Milliseconds since 1970 UTC.' })

export const Epoch = z
  .int()
  .min(1)
  .meta({ id: 'Epoch', description: 'The history that a position belongs to.' })

const encoder = new TextEncoder()
export const utf8Bytes = (text: string): number => encoder.encode(text).byteLength

/** Verbatim markdown source: 1 byte to 20 KiB of UTF-8, with something visible in it. */
export const Text = z
  .string()
  .max(LIMITS.textBytes)
  .refine(storable, STORABLE)
  .refine(
    (text) => utf8Bytes(text) <= LIMITS.textBytes,
    `must be at most ${LIMITS.textBytes} bytes`,
  )
  .refine((text) => VISIBLE.test(text), 'must hold something visible')
  .meta({ id: 'Text', description: 'Markdown source, kept as written: at most 20 KiB of UTF-8.' })

/** What was written so far: any storable text, an empty one too. */
export const DraftText = z
  .string()
  .max(LIMITS.textBytes)
  .refine(storable, STORABLE)
  .refine(
    (text) => utf8Bytes(text) <= LIMITS.textBytes,
    `must be at most ${LIMITS.textBytes} bytes`,
  )
  .meta({ id: 'DraftText', description: 'What was written so far: at most 20 KiB of UTF-8.' })

/** A display name: 1 to 128 code points, trimmed, no control, bidi or tag characters, something visible. */
export const Name = z
  .string()
  .max(LIMITS.nameCharacters * 2)
  .refine(storable, STORABLE)
  .refine(
    (name) => [...name].length <= LIMITS.nameCharacters,
    `must be at most ${LIMITS.nameCharacters} characters`,
  )
  .refine((name) => name.trim() === name && VISIBLE.test(name), 'must be trimmed and visible')
  .refine((name) => !HIDDEN.test(name), 'must not hold control or direction characters')
  .meta({ id: 'Name', description: 'A display name of 1 to 128 characters.', examples: ['Alice'] })

export const Avatar = z
  .string()
  .max(LIMITS.avatarCharacters)
  .regex(/^https?:\/\/[^\s"'<>\\]+$/i)
  .refine(storable, STORABLE)
  .meta({ id: 'Avatar', description: 'The http or https address of a picture.' })

/** What a search for names begins with; unlike a name it may be any storable text. */
export const NamePrefix = z
  .string()
  .min(1)
  .max(LIMITS.nameCharacters)
  .refine(storable, STORABLE)
  .meta({ id: 'NamePrefix', description: 'The beginning of a name, 1 to 128 characters.' })

/** Any JSON value. Registered in place, because the value names itself again inside. */
const Json = z.json().register(z.globalRegistry, { id: 'Json', description: 'Any JSON value.' })

/** A JSON object of any shape, from the server. */
export const JsonObject = z.record(z.string(), Json)
type JsonObject = z.infer<typeof JsonObject>

/** Keys that some languages give a meaning of their own. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
])

/** What is wrong with a JSON value that callers may shape freely, or null. */
function faultOfJson(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return storable(value) ? null : STORABLE
  if (typeof value !== 'object' || value === null) return null
  if (depth > LIMITS.customDepth) return `must nest at most ${LIMITS.customDepth} levels`
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return `must not use the key ${key}`
    if (!storable(key)) return STORABLE
    const fault = faultOfJson((value as Record<string, unknown>)[key], depth + 1)
    if (fault) return fault
  }
  return null
}

/** Judged before zod copies the value: the copy leaves `__proto__` out, and a caller must hear of that. */
const jsonObject = (bytes: number) =>
  z.preprocess(
    (value: JsonObject, context) => {
      const fault = faultOfJson(value, 1)
      if (fault) context.addIssue({ code: 'custom', message: fault })
      return value
    },
    JsonObject.refine(
      (value) => utf8Bytes(JSON.stringify(value)) <= bytes,
      `must be at most ${bytes} bytes`,
    ),
  )

/** Fields of the app's own: a JSON object of at most 8 KiB and 8 levels. */
export const Custom = jsonObject(LIMITS.customBytes).meta({
  id: 'Custom',
  description: "The app's own fields: a JSON object of at most 8 KiB and 8 levels.",
})

export const CustomEventData = jsonObject(LIMITS.customEventBytes).meta({
  id: 'CustomEventData',
  description: "The app's own fields of a custom event: a JSON object of at most 4 KiB.",
})

/** How many items a page holds: 1 to 100, 50 when absent. */
export const PageLimit = z.int().min(1).max(LIMITS.pageItems).default(50).meta({ id: 'PageLimit' })

/** Where a page goes on: opaque, from the answer before, good for the same caller and question only. */
export const PageCursor = z
  .string()
  .min(1)
  .max(512)
  .meta({ id: 'PageCursor', description: 'An opaque position.' })
