/** The major version of the wire. It is the `1` of `/v1`, of `tertulia.v1.json` and of `hello.protocol`. */
export const PROTOCOL = 1

export const SUBPROTOCOL = 'tertulia.v1.json'

/** One line per change of the wire, newest first. A changed contract hash asks for a new line. */
export const wireHistory: readonly { readonly hash: string; readonly change: string }[] = [
  {
    hash: '3fe4fb1ef5d32b77af935ab31e58a3892a754a12720580fafb9777563fefc7ea',
    change: 'The first wire.',
  },
]
