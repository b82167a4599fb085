/** The name under which nodes tell each other how many watch. */
export const WATCHERS = 'watchers'

/** The name of the number that others may look at. */
export const COUNT = 'watchers'

/** So many users watch a channel on one node. */
export interface CountNotice {
  readonly channelId: string
  readonly node: number
  readonly users: number
}
