import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { pathFields, restFields } from './documents/index.ts'
import {
  clientFrames,
  errorTable,
  events,
  generalErrorCodes,
  operations,
  serverFrames,
} from './index.ts'

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name)
const onRest = operations.flatMap(({ rest, ...operation }) =>
  rest ? [{ ...operation, rest }] : [],
)
const routes = onRest.map(({ name, rest }) => ({ name, ...rest }))

describe('names', () => {
  test('every operation, event and error is in this list, and nothing else is', () => {
    expect(names(operations)).toMatchInlineSnapshot(`
      [
        "user.upsert",
        "user.get",
        "user.query",
        "user.update",
        "user.deactivate",
        "user.reactivate",
        "user.revokeTokens",
        "privacy.get",
        "privacy.update",
        "presence.get",
        "presence.set",
        "presence.watch",
        "presence.count",
        "user.block",
        "user.unblock",
        "block.list",
        "channel.create",
        "channel.getOrCreate",
        "channel.get",
        "channel.update",
        "channel.delete",
        "channel.list",
        "channel.find",
        "channel.truncate",
        "channel.arrange",
        "member.add",
        "member.remove",
        "member.update",
        "member.join",
        "member.leave",
        "member.list",
        "message.send",
        "message.edit",
        "message.delete",
        "message.get",
        "message.history",
        "reaction.add",
        "reaction.remove",
        "reaction.list",
        "message.pin",
        "message.unpin",
        "message.listPinned",
        "unread.mark",
        "unread.explain",
        "unread.total",
        "thread.follow",
        "thread.unfollow",
        "thread.read",
        "thread.get",
        "thread.list",
        "draft.save",
        "draft.delete",
        "draft.list",
        "receipt.read",
        "receipt.deliver",
        "receipt.list",
        "scheduled.create",
        "scheduled.list",
        "scheduled.update",
        "scheduled.cancel",
        "sync.pull",
        "interest.set",
        "session.renew",
        "ticket.create",
        "event.send",
      ]
    `)
    expect(names(events)).toMatchInlineSnapshot(`
      [
        "user.updated",
        "user.blocked",
        "user.unblocked",
        "channel.created",
        "channel.updated",
        "channel.deleted",
        "channel.joined",
        "channel.left",
        "channel.truncated",
        "channel.arranged",
        "member.joined",
        "member.left",
        "member.removed",
        "member.updated",
        "message.created",
        "message.edited",
        "message.deleted",
        "reaction.changed",
        "message.pinned",
        "message.unpinned",
        "unread.changed",
        "thread.updated",
        "thread.changed",
        "scheduled.saved",
        "scheduled.ended",
        "draft.saved",
        "draft.deleted",
      ]
    `)
    expect(Object.keys(errorTable)).toMatchInlineSnapshot(`
      [
        "bad_request",
        "unauthenticated",
        "token_expired",
        "forbidden",
        "origin_not_allowed",
        "not_found",
        "method_not_allowed",
        "request_timeout",
        "conflict",
        "too_large",
        "uri_too_long",
        "unsupported_media_type",
        "rate_limited",
        "headers_too_large",
        "internal",
        "unavailable",
        "token.in_url",
        "token.too_long_lived",
        "user.not_found",
        "user.deactivated",
        "user.unreachable",
        "block.limit",
        "channel.not_found",
        "channel.client_id_reused",
        "channel.immutable_people",
        "channel.member_limit",
        "channel.frozen",
        "channel.disabled",
        "channel.slow_mode",
        "member.not_found",
        "member.last_owner",
        "message.not_found",
        "message.client_id_reused",
        "message.version_conflict",
        "reaction.limit",
        "message.pin_limit",
        "message.here_limit",
        "message.is_reply",
        "draft.limit",
        "message.deleted",
        "message.truncated",
        "message.system",
        "scheduled.not_found",
        "scheduled.sent",
        "scheduled.version_conflict",
        "scheduled.limit",
      ]
    `)
  })

  test('no name is used twice', () => {
    const all = [...names(operations), ...names(events)]
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([])
  })

  test('operations are noun.verb, events noun.past, errors noun.reason or general', () => {
    for (const name of names(operations)) expect(name).toMatch(/^[a-z]+\.[a-z]+([A-Z][a-z]+)*$/)
    for (const name of names(events)) expect(name).toMatch(/^[a-z]+\.([a-z]+ed|left)$/)
    for (const code of Object.keys(errorTable))
      expect(code).toMatch(/^([a-z]+\.)?[a-z]+(_[a-z]+)*$/)
  })

  test('every frame names itself by a type of its own', () => {
    for (const frames of [clientFrames, serverFrames]) {
      const types = frames.map(
        (frame) => JSON.stringify(z.toJSONSchema(frame)).match(/"const":"([a-z]+)"/)?.[1],
      )
      expect(new Set(types).size).toBe(frames.length)
    }
  })
})

describe('routes', () => {
  test.each(onRest)(
    '$name: every field of the path, and the key, is a field of the input',
    (operation) => {
      const { path } = restFields(operation, operation.rest)
      expect(Object.keys(path)).toEqual(pathFields(operation.rest.path))
    },
  )

  test('no address of one method can mean two operations', () => {
    const overlaps = routes.flatMap((one, at) =>
      routes
        .slice(at + 1)
        .filter((other) => one.method === other.method && overlap(one.path, other.path)),
    )
    expect(overlaps).toEqual([])
  })

  test('what is keyed has the header for it, and nothing else has', () => {
    for (const { name, retry, rest } of operations) {
      if (rest)
        expect({ name, keyed: rest.keyHeader !== undefined }).toEqual({
          name,
          keyed: retry === 'keyed',
        })
    }
  })

  test('what changes something is never a GET', () => {
    for (const { name, method } of routes) {
      expect({
        name,
        reads: /\.(get|query|list|listPinned|find|history|explain|total)$/.test(name),
      }).toEqual({
        name,
        reads: method === 'GET',
      })
    }
  })

  test('every operation has a door, and a door only for callers who can use it', () => {
    for (const { name, rest, socket, callers } of operations) {
      expect(rest !== null || socket, name).toBe(true)
      expect(callers.length, name).toBeGreaterThan(0)
      if (socket) expect(callers, name).toContain('user')
    }
  })
})

describe('errors', () => {
  test.each([...operations])('$name names codes of the table, each once', ({ errors }) => {
    expect(errors.filter((code) => !(code in errorTable))).toEqual([])
    expect(new Set(errors).size).toBe(errors.length)
  })

  test('every code is general or named by an operation', () => {
    const used = new Set([...generalErrorCodes, ...operations.flatMap(({ errors }) => errors)])
    expect(Object.keys(errorTable).filter((code) => !used.has(code as never))).toEqual([])
  })

  test('every entry says what happened, why it matters and what to do', () => {
    for (const [code, { what, why, fix, status, retry }] of Object.entries(errorTable)) {
      for (const sentence of [what, why, fix]) expect(sentence, code).toMatch(/^[A-Z].*\.$/)
      expect(status, code).toBeGreaterThanOrEqual(400)
      if (status >= 500 || status === 429) expect(retry, code).toBe('later')
    }
  })
})

/** Whether some address fits both paths. */
function overlap(one: string, other: string): boolean {
  const [left, right] = [one.split('/'), other.split('/')]
  return (
    left.length === right.length &&
    left.every(
      (part, at) => part === right[at] || part.startsWith('{') || right[at]?.startsWith('{'),
    )
  )
}
