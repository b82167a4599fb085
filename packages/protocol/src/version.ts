/** The major version of the wire. It is the `1` of `/v1`, of `tertulia.v1.json` and of `hello.protocol`. */
export const PROTOCOL = 1

export const SUBPROTOCOL = 'tertulia.v1.json'

/** One line per change of the wire, newest first. A changed contract hash asks for a new line. */
export const wireHistory: readonly { readonly hash: string; readonly change: string }[] = [
  {
    hash: 'e39e35bc30e44ac30a1fb7de46a6c44e89064712420985db17fe8db07d84097e',
    change: 'The first wire.',
  },
]
