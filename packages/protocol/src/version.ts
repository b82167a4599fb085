/** The major version of the wire. It is the `1` of `/v1`, of `tertulia.v1.json` and of `hello.protocol`. */
export const PROTOCOL = 1

export const SUBPROTOCOL = 'tertulia.v1.json'

/** One line per change of the wire, newest first. A changed contract hash asks for a new line. */
export const wireHistory: readonly { readonly hash: string; readonly change: string }[] = [
  {
    hash: 'ebf5cb2f633270e10d09f7cc213b859c0a272e1d488340f31be1555dd8995b8c',
    change: 'The first wire.',
  },
]
